"""Deliveries with kubectl, from an environment's history. Pure."""

from datetime import datetime

from aks_flow.environments.view import PUSH, UNDONE, PastDelivery
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import Revision


def deliveries(past: History) -> list[PastDelivery]:
    """The oldest first. A good one that a person went back from counts as undone."""
    undone = {restoring.number for restoring in _undone(past)}
    return [_delivery(revision, revision.number in undone) for revision in past.revisions]


def _undone(past: History) -> list[Revision]:
    """The good revisions behind which a way back follows."""
    pairs = zip(past.revisions, past.revisions[1:], strict=False)
    return [before for before, after in pairs if after.restores and before.good and not before.restores]


def _delivery(revision: Revision, is_undone: bool) -> PastDelivery:
    began, ended = _seconds(revision.when), _seconds(revision.concluded)
    return PastDelivery(
        PUSH,
        revision.image.tag,
        revision.image.digest,
        revision.commit,
        revision.who,
        revision.run,
        UNDONE if is_undone else revision.verdict,
        is_back=bool(revision.restores),
        when=began,
        ended=ended,
        seconds=ended - began if ended else None,
    )


def _seconds(text: str) -> float:
    """Of RFC 3339, since the epoch; 0 for ""."""
    return datetime.fromisoformat(text).timestamp() if text else 0
