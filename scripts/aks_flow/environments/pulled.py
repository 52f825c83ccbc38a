"""Deliveries through Argo CD: the branch says what and by whom, Argo CD when it ran. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from aks_flow.core.image_ref import parsed
from aks_flow.environments.view import PULL, UNDONE, UNKNOWN, PastDelivery
from aks_flow.push.history.revision import PENDING
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.tools.argocd import Application
from aks_flow.tools.git.past_commits import PastCommit

_BY_HEALTH = {"Healthy": GOOD, "Progressing": PENDING, "Unknown": UNKNOWN}  # any other is bad


def deliveries(
    commits: Sequence[PastCommit], line: Sequence[str], application: Application | None
) -> list[PastDelivery]:
    """The oldest first.

    commits: that changed the environment's folder, the newest first. line: the branch's commits, the newest
    first. application: the environment's; None if the cluster did not tell.
    """
    places = {commit: place for place, commit in enumerate(reversed(line))}
    syncs = _syncs(application, places)
    oldest_first = list(reversed(commits))
    following = [*oldest_first[1:], None]
    return [
        _delivery(commit, after, places, syncs, application)
        for commit, after in zip(oldest_first, following, strict=False)
    ]


def _syncs(application: Application | None, places: Mapping[str, int]) -> list[tuple[int, float]]:
    """Where on the branch each sync was, and when it had succeeded."""
    deployed = application.deployed if application else ()
    known = (entry for entry in deployed if entry.revision in places)
    return [(places[entry.revision], datetime.fromisoformat(entry.ended).timestamp()) for entry in known]


def _delivery(
    commit: PastCommit,
    after: PastCommit | None,
    places: Mapping[str, int],
    syncs: Iterable[tuple[int, float]],
    application: Application | None,
) -> PastDelivery:
    begin = places.get(commit.commit, 0)
    end = places.get(after.commit, len(places)) if after else len(places)
    ended = min((moment for place, moment in syncs if begin <= place < end), default=0)
    image = parsed(commit.image)  # anybody can write a commit
    return PastDelivery(
        PULL,
        image.tag if image else "",
        commit.digest,
        commit.source,
        commit.who,
        commit.run,
        _verdict(after, bool(ended), application),
        is_back=bool(commit.restores),
        when=commit.when,
        ended=ended,
        seconds=max(ended - commit.when, 0) if ended else None,
    )


def _verdict(after: PastCommit | None, has_run: bool, application: Application | None) -> str:
    if after:
        return UNDONE if after.restores else GOOD if has_run else UNKNOWN
    if application is None:
        return UNKNOWN
    if not has_run:
        return PENDING
    return _BY_HEALTH.get(application.health, application.health.lower())
