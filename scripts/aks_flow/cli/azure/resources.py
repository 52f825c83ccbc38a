"""What the tasks `azure.plan`, `.up`, `.down` and `.status` do: read, decide, act, report."""

from pathlib import Path

from aks_flow import report
from aks_flow.azure.plan import down, facts, plan, up
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.signin.session import AzSession
from aks_flow.cli.azure import lines
from aks_flow.cli.context import TaskContext

_STATELESS = ("microsoft.managedidentity/userassignedidentities",)


def plan_task(task: TaskContext, json: bool) -> None:
    run = AzSession(task.runner())
    lines.show(up.look(run, lines.request(task, run), task.steps()), json)


def up_task(task: TaskContext, json: bool) -> None:
    if task.dry:
        return plan_task(task, json)
    run = AzSession(task.runner())
    changes = up.up(run, lines.request(task, run), task.steps())
    if json:
        return report.document({"changes": changes})
    return report.say(f"{len(changes)} changes" if changes else "unchanged: Azure is as invoke.yaml says")


def down_task(task: TaskContext) -> None:
    run, steps = AzSession(task.runner()), task.steps()
    request = lines.request(task, run)
    with steps("read"):
        due = down.lines(request, facts.read(run, request.az, request.config.azure))
    up.refuse(due)
    if task.dry or all(line.settled for line in due):
        return lines.show(due)
    lines.carry_out(run, due, steps)
    return report.say(f"group {request.config.azure.group} is gone, and all that was in it")


def status_task(task: TaskContext, json: bool) -> None:
    """Everything that there is, what it lacks, and what is half-made."""
    run = AzSession(task.runner())
    request = lines.request(task, run)
    seen = facts.read(run, request.az, request.config.azure)
    due, half, untold = plan.lines(request, seen), _half_made(seen), _untold(seen)
    if json:
        return report.document({"lines": due, "half_made": half, "state_not_told": untold})
    rows = [[line.thing, "ok" if line.settled else line.verb, line.why] for line in due]
    report.table(f"subscription {seen.account['name']}", ["thing", "state", ""], rows)
    for resource in half:
        report.say(f"half-made: {resource}")
    if untold:
        report.say(f"Azure tells no state of these, which may be whole or not: {', '.join(untold)}")
    return report.say("./inv azure.up goes on from there" if half else "nothing is half-made")


def _half_made(seen: AzureFacts) -> list[str]:
    """What Azure has begun and not ended, as far as it tells."""
    states = {Path(resource["id"]).name: resource.get("provisioningState") for resource in seen.resources}
    return sorted(f"{name} is {state}" for name, state in states.items() if state not in ("Succeeded", None))


def _untold(seen: AzureFacts) -> list[str]:
    """What has no state, but for kinds that never have one: such a thing is there or it is not."""
    return sorted(
        Path(resource["id"]).name
        for resource in seen.resources
        if not resource.get("provisioningState") and resource["type"].lower() not in _STATELESS
    )
