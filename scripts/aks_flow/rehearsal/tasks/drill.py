"""`drill`: holds drills and shows how each was met."""

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios import drills, prepare
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import Drill, DrillResult
from aks_flow.rehearsal.tasks import settings
from aks_flow.rehearsal.tasks.stage import staged

LISTED = ["fault", "path", "expected"]
COLUMNS = [*LISTED, "seen", "seconds", "limit", "met"]


def drill_task(task: TaskContext, name: str, list: bool, show: bool, json: bool) -> None:
    """The drills of a name, "" for all of them; AksFlowError if one missed what was expected.

    list: show them, and hold none.
    """
    config = settings.config(task)
    chosen = drills.choose(name, config)
    if list:
        report.table("drills", LISTED, [listed(drill) for drill in chosen])
        return
    with staged(config, "the faults of a delivery", show, json) as stage:
        stand_ins = prepare.stand_ins(config, stage.steps, report.note)
        context = DrillContext.prepare(stand_ins, {drill.path for drill in chosen}, stage.page)
        results = [drills.hold(drill, context) for drill in chosen]
    drills.unless_offered(chosen, [result.lacks for result in results])
    if json:
        report.document(results)
    else:
        report.table("drills", COLUMNS, [row(result) for result in results])
    missed = [f"{result.drill.name} ({result.drill.path})" for result in results if not result.met]
    if missed:
        step = f"What the deliveries said: {context.log}."
        raise AksFlowError(f"drills missed: {', '.join(missed)}", next_step=step)


def listed(drill: Drill) -> list[str]:
    """The cells of LISTED."""
    return [drill.name, drill.path, str(drill.expected)]


def row(result: DrillResult) -> list[str]:
    """The cells of COLUMNS."""
    drill, answer = result.drill, result.answer
    if answer is None:
        return [*listed(drill), result.seen, "", "", "" if result.met else "NO"]
    seconds = [f"{answer.seconds:.1f}", f"{drill.expected.within:g}"]
    return [*listed(drill), result.seen, *seconds, "yes" if result.met else "NO"]
