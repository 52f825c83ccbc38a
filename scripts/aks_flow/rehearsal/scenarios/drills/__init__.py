"""`./inv drill`: each fault of a delivery is made, and the delivery has to say the right thing in time."""

from aks_flow import report
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios.drills import pull_faults, push_faults
from aks_flow.rehearsal.scenarios.drills.drill import Drill, Result
from aks_flow.rehearsal.scenarios.drills.stage import Stage

DRILLS: tuple[Drill, ...] = (*push_faults.DRILLS, *pull_faults.DRILLS)
COLUMNS = ["fault", "path", "expected", "seen", "seconds", "limit", "met"]


def run(config: Config, name: str, as_json: bool) -> None:
    """Hold the drills of a name, or all of them; AksFlowError if one missed what was expected."""
    chosen = choose(name)
    stage = Stage.prepare(config, report.steps(as_json), {drill.path for drill in chosen})
    results = [_hold(drill, stage) for drill in chosen]
    if as_json:
        report.document(results)
    else:
        report.table("drills", COLUMNS, [result.row() for result in results])
    missed = [f"{result.drill.name} ({result.drill.path})" for result in results if not result.met]
    if missed:
        step = f"What the deliveries said: {stage.log}."
        raise AksFlowError(f"drills missed: {', '.join(missed)}", next_step=step)


def choose(name: str) -> tuple[Drill, ...]:
    """Both paths' drills of that name; every drill for ""."""
    found = tuple(drill for drill in DRILLS if name in ("", drill.name))
    if not found:
        names = ", ".join(dict.fromkeys(drill.name for drill in DRILLS))
        raise AksFlowError(f"there is no drill {name!r}", next_step=f"Choose one of: {names}.")
    return found


def _hold(drill: Drill, stage: Stage) -> Result:
    with stage.steps(f"{drill.path}: {drill.name}") as step:
        said = drill.act(stage)
        result = Result(drill, said)
        step.note = result.seen if result.met else f"MISSED: {result.seen}"
    return result
