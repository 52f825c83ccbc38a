"""What the tasks `preview.…` do: read, act, report."""

from aks_flow import report
from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.core.config import previews
from aks_flow.core.errors import AksFlowError
from aks_flow.preview import down, up
from aks_flow.report import push


def up_task(task: TaskContext, number: str, json: bool) -> None:
    wanted = _number(number)
    context = connect.preview(task, wanted)
    if task.dry:
        return push.show_plan(up.plan(context, wanted), json)
    with report.verdicts(context.steps.done, json):
        return push.show_outcome(up.up(context, wanted), context.steps.done, json)


def down_task(task: TaskContext, number: str, json: bool) -> None:
    wanted = _number(number)
    gone = down.down(connect.preview(task, wanted), wanted)
    if json:
        return report.document({"environment": previews.name(wanted), "removed": gone})
    end = "is unchanged: there is none"
    if gone:
        end = "would be removed" if task.dry else "is removed"
    return report.say(f"{previews.name(wanted)} {end}")


def _number(text: str) -> int:
    if not previews.is_preview(f"{previews.FOLDER}-{text}"):
        step = "Give the number that GitHub shows, as in `./inv preview.up 12`."
        raise AksFlowError(f"{text!r} is not the number of a pull request", next_step=step)
    return int(text)
