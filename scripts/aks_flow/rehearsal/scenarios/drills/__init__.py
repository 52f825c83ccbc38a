"""`drill`: each fault of a delivery is made, and the delivery has to say the right thing in time."""

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios.drills import pull_drills, push_drills
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import Drill, DrillResult

DRILLS: tuple[Drill, ...] = (*push_drills.DRILLS, *pull_drills.DRILLS)


def choose(name: str) -> tuple[Drill, ...]:
    """Both paths' drills of that name, every drill for ""; AksFlowError if there is none."""
    chosen = tuple(drill for drill in DRILLS if name in ("", drill.name))
    if not chosen:
        names = ", ".join(dict.fromkeys(drill.name for drill in DRILLS))
        raise AksFlowError(f"there is no drill {name!r}", next_step=f"Choose one of: {names}.")
    return chosen


def hold(drill: Drill, context: DrillContext) -> DrillResult:
    """Make the drill's fault, deliver, and compare; afterwards all is well again.

    What the project lacks something for is not held. One that fails is missed, so that the others are held.
    """
    lacks = context.lacks(drill)
    with context.shown(drill, is_held=not lacks), context.steps(f"{drill.path}: {drill.name}") as step:
        result = DrillResult(drill, None, lacks) if lacks else _held(drill, context)
        step.note = result.seen if result.met else f"MISSED: {result.seen}"
    return result


def _held(drill: Drill, context: DrillContext) -> DrillResult:
    try:
        return DrillResult(drill, drill.act(context))
    except AksFlowError as error:
        return DrillResult(drill, None, failed=error.in_one_line)
