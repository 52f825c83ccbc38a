"""Time in the environment before: how long a version was there, as the branch's commits say."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from aks_flow.core.config.gates import Soak
from aks_flow.core.moment import rfc3339
from aks_flow.gitops.branch import history
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.gates.candidate import Candidate
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git.past_commits import PastCommit


def missing(context: DeliveryContext, candidate: Candidate, soak: Soak, now: float) -> Iterator[str]:
    if soak.in_:
        branch = open_branch(context.run, context.config.of(soak.in_), history=True)
        past = history.history(branch, branch.tip(), soak.in_)
        yield from lacking(past, candidate, soak, now)


def lacking(past: Sequence[PastCommit], candidate: Candidate, soak: Soak, now: float) -> Iterator[str]:
    """What is missing of the time. past: the commits that changed what the other one runs, newest first.

    Each of them begins the time anew, the same version or not: its manifests may be others.
    """
    ends = [now, *(float(commit.when) for commit in past)]
    stays = [
        (begin, end)
        for commit, (end, begin) in zip(past, pairwise(ends), strict=True)
        if commit.digests == candidate.digests
    ]
    if not stays:
        yield f"it was never in {soak.in_}, where it must have been for {_words(soak.seconds)}"
    elif max(end - begin for begin, end in stays) < soak.seconds:
        yield _too_short(*stays[0], soak, now)


def _too_short(begin: float, end: float, soak: Soak, now: float) -> str:
    asked, since = _words(soak.seconds), rfc3339(begin)
    if end < now:
        return f"it was in {soak.in_} from {since} for {_words(end - begin)}, and {asked} are asked for"
    left = _words(soak.seconds - (end - begin))
    return f"it is in {soak.in_} since {since}, {asked} are asked for, and {left} are missing"


def _words(seconds: float) -> str:
    """``1 day, 2:00:00``."""
    return str(timedelta(seconds=round(seconds)))
