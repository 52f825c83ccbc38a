"""`drill`: each fault of a delivery is made, and the delivery has to say the right thing in time."""

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios import routes
from aks_flow.rehearsal.scenarios.drills import project, pull_drills, push_drills
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import PULL, Drill, DrillResult
from aks_flow.rehearsal.scenarios.drills.project import DrilledProject

DRILLS: tuple[Drill, ...] = (*push_drills.DRILLS, *pull_drills.DRILLS)


def choose(name: str, config: Config) -> tuple[Drill, ...]:
    """Both paths' drills of that name, every drill for ""; AksFlowError if the project can have none."""
    chosen = tuple(drill for drill in DRILLS if name in ("", drill.name))
    if not chosen:
        names = ", ".join(dict.fromkeys(drill.name for drill in DRILLS))
        raise AksFlowError(f"there is no drill {name!r}", next_step=f"Choose one of: {names}.")
    known = project.by_configuration(config)
    unless_offered(chosen, [_lacking(drill, config, known) for drill in chosen])
    return chosen


def unless_offered(chosen: tuple[Drill, ...], lacks: list[str]) -> None:
    """AksFlowError if the project lacks something for each of them."""
    if all(lacks):
        step = "Leave the name out to hold those that the project can have."
        raise AksFlowError(f"{chosen[0].name} is not offered: {lacks[0]}", next_step=step)


def hold(drill: Drill, context: DrillContext) -> DrillResult:
    """Make the drill's fault, deliver, and compare; afterwards all is well again.

    What the project lacks something for is not held. One that fails is missed, so that the others are held.
    """
    lacks = _lacking(drill, context.config, context.projects[drill.path])
    with context.shown(drill, is_held=not lacks), context.steps(f"{drill.path}: {drill.name}") as step:
        result = DrillResult(drill, None, lacks) if lacks else _held(drill, context)
        step.note = result.seen if result.met else f"MISSED: {result.seen}"
    return result


def _lacking(drill: Drill, config: Config, found: DrilledProject) -> str:
    """What the project lacks for a drill, "" if nothing."""
    if drill.path == PULL and routes.is_shared(config):
        return f"{routes.pulled_to(config)} is the one environment, and the push path has it"
    return drill.lacks(found)


def _held(drill: Drill, context: DrillContext) -> DrillResult:
    try:
        return DrillResult(drill, drill.act(context))
    except AksFlowError as error:
        return DrillResult(drill, None, failed=error.in_one_line)
