"""What `rehearsal.up`, `.down`, `.status` and `.logs` do: start, remove and show the stand-ins."""

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.tasks import settings


def up_task(task: TaskContext) -> None:
    config = settings.config(task)
    stack.up(Local(), config, task.steps(), report.note)
    report.say(stack.kubectl_line(config))


def down_task(task: TaskContext) -> None:
    stack.down(Local(), settings.config(task), task.steps())


def status_task(task: TaskContext, json: bool) -> None:
    parts = stack.status(Local(), settings.config(task, reads=True))
    if json:
        return report.document(parts)
    rows = [[part.name, part.state, part.address, part.log] for part in parts]
    return report.table("rehearsal", ["stand-in", "state", "address", "log"], rows)


def logs_task(task: TaskContext, name: str, lines: int) -> None:
    files = {part.name: part.log for part in stack.status(Local(), settings.config(task, reads=True))}
    if name not in files:
        raise AksFlowError(f"there is no stand-in {name!r}", next_step=f"Choose one of: {', '.join(files)}.")
    text = files[name].read_text(errors="replace") if files[name].is_file() else ""
    report.say("\n".join(text.splitlines()[-lines:]) or f"{files[name]} is empty")
