"""What the tasks `preview.…` do: read, act, report, and tell the pull request."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from aks_flow import report
from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.core.config import previews
from aks_flow.core.errors import AksFlowError
from aks_flow.preview import by_pull, clean, comment, down, up
from aks_flow.preview.clean import Preview
from aks_flow.push.plan import PushPlan
from aks_flow.report import job_summary, preview_comment, push
from aks_flow.target.delivery import DeliveryContext


def up_task(task: TaskContext, number: str, pull: bool, json: bool) -> None:
    wanted = _number(number)
    context = connect.preview(task, wanted)
    up.admit(context, wanted)
    if task.dry:
        return push.show_plan(up.plan(context, wanted), json)
    with report.verdicts(context.steps.done, json), _failure_told(context, wanted):
        return (_pull if pull else _push)(context, wanted, json)


def _push(context: DeliveryContext, number: int, json: bool) -> None:
    outcome, planned = up.deliver_it(context, number)
    _tell(context, number, outcome.image.tag, outcome.url, planned)
    push.show_outcome(outcome, context.steps.done, json)


def _pull(context: DeliveryContext, number: int, json: bool) -> None:
    by_pull.check(context)
    planned = up.plan(context, number)
    arrival = by_pull.deliver_it(context, number, report.note)
    _tell(context, number, arrival.image.tag, by_pull.address(context, number), planned)
    job_summary.line(str(arrival))
    report.document(arrival) if json else report.say(str(arrival))


def _tell(context: DeliveryContext, number: int, version: str, url: str, planned: PushPlan) -> None:
    hours = context.config.previews.hours
    comment.write(context, number, preview_comment.delivered(version, url, planned, hours))


@contextmanager
def _failure_told(context: DeliveryContext, number: int) -> Iterator[None]:
    try:
        yield
    except AksFlowError as error:
        comment.write(context, number, preview_comment.failed(previews.name(number), str(error)))
        raise


def down_task(task: TaskContext, number: str, pull: bool, json: bool) -> None:
    wanted = _number(number)
    gone = _remove(connect.preview(task, wanted), wanted, "nobody needs it any more", pull)
    if json:
        return report.document({"environment": previews.name(wanted), "removed": gone})
    end = "is unchanged: there is none"
    if gone:
        end = "would be removed" if task.dry else "is removed"
    return report.say(f"{previews.name(wanted)} {end}")


def clean_task(task: TaskContext, pull: bool, json: bool) -> None:
    """Every preview that is to go; AksFlowError at the end with what could not be removed."""
    context = connect.delivery(task)
    present = clean.read(context, datetime.now(UTC), by_pull.folders(context) if pull else None)
    failures = [text for item in present if item.why and (text := _cleaned(context, item, pull))]
    if json:
        report.document([{"environment": item.name, "why": item.why} for item in present])
    else:
        report.table("previews", ["environment", "why it goes"], [[item.name, item.why] for item in present])
    if failures:
        step = "Correct what it says, then run the same command again."
        raise AksFlowError("\n".join(failures) + "\n", next_step=step)


def _cleaned(context: DeliveryContext, preview: Preview, pull: bool) -> str:
    """What went wrong, "" if nothing did: the others are to go all the same."""
    try:
        _remove(clean.of_number(context, preview.number), preview.number, preview.why, pull)
    except AksFlowError as error:
        return f"{preview.name}: {error.in_one_line}"
    return ""


def _remove(context: DeliveryContext, number: int, why: str, pull: bool) -> bool:
    gone = (by_pull.remove if pull else down.down)(context, number)
    if gone and not context.dry:
        comment.amend(context, number, preview_comment.removed(previews.name(number), why))
    return gone


def _number(text: str) -> int:
    if not previews.is_preview(f"{previews.FOLDER}-{text}"):
        step = "Give the number that GitHub shows, as in `./inv preview.up 12`."
        raise AksFlowError(f"{text!r} is not the number of a pull request", next_step=step)
    return int(text)
