"""The one comment of a pull request that tells of its preview: found again, and edited."""

from collections.abc import Iterator

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.by_request.hosted import answered, requests_of
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.gh import comments
from aks_flow.tools.gh.comments import Comment
from aks_flow.tools.gh.pull_requests import Requests

MARK = "<!-- aks-flow: preview -->"  # its first line, which nobody sees


def write(context: DeliveryContext, number: int, text: str) -> None:
    """Write it, or edit the one that is there. A refusal is said: the preview is what it is all the same."""
    _tell(context, number, text, may_be_new=True)


def amend(context: DeliveryContext, number: int, text: str) -> None:
    """As `write`, but where there is none none is written."""
    _tell(context, number, text, may_be_new=False)


def _tell(context: DeliveryContext, number: int, text: str, may_be_new: bool) -> None:
    with context.steps("comment") as step:
        try:
            step.note = _written(context, number, f"{MARK}\n{text}", may_be_new)
        except AksFlowError as error:
            step.note = f"not written: {error.in_one_line}"


def _written(context: DeliveryContext, number: int, body: str, may_be_new: bool) -> str:
    requests = requests_of(context.run, context.config.root)
    own = _own(context, requests, number)
    if not (own or may_be_new):
        return "there is none"
    if own and own.body == body:
        return "unchanged"
    answered(context.run, requests.edit_comment(own.number, body) if own else requests.comment(number, body))
    return f"{'edited' if own else 'written'} in pull request {number}"


def _own(context: DeliveryContext, requests: Requests, number: int) -> Comment | None:
    """The first that begins with the mark; not a stranger's, who could have copied it."""
    known = _all(context, requests, number)
    return next((item for item in known if item.trusted and item.body.startswith(MARK)), None)


def _all(context: DeliveryContext, requests: Requests, number: int) -> Iterator[Comment]:
    page = 1
    while True:
        some = comments.parse(answered(context.run, requests.comments(number, page)))
        yield from some
        if len(some) < comments.PAGE:
            return
        page += 1
