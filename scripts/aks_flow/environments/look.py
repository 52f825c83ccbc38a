"""One look at all environments: what was answered becomes what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from aks_flow.core.config import Config
from aks_flow.core.side_by_side import side_by_side
from aks_flow.environments import answers, pulled, pushed
from aks_flow.environments.answers import EnvironmentAnswers
from aks_flow.environments.figures import figures
from aks_flow.environments.view import (
    PULL,
    PUSH,
    SHOWN,
    UNKNOWN,
    EnvironmentView,
    PastDelivery,
    RunningVersion,
    Waits,
)
from aks_flow.gitflow import policy
from aks_flow.gitflow.supersede import is_older, is_version
from aks_flow.gitops.status import drift_of
from aks_flow.gitops.wait import running
from aks_flow.push.drift import AS_DELIVERED
from aks_flow.push.history.revision import Revision
from aks_flow.rollout.verdict.goal import standing_goal
from aks_flow.rollout.verdict.verdict import BAD, GOOD
from aks_flow.rollout.watch.watch import judge_once
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.argocd import Application
from aks_flow.tools.git import log

REGISTRY = "registry"  # where the first environment's versions come from


def look(contexts: Sequence[DeliveryContext], now: float) -> list[EnvironmentView]:
    """All environments, in the configuration's order. contexts: one for each target. now: since the epoch.

    What does not answer is left out, and said in the view.
    """
    config, said = contexts[0].config, answers.ask(contexts)
    past = {name: _deliveries(name, said[name]) for name in config.environments}
    past = _dated(contexts[0], past)
    views = [_view(name, said[name], past[name], now) for name in config.environments]
    before = [None, *views[:-1]]
    pairs = zip(views, before, strict=True)
    waits = side_by_side(lambda pair: _waits(contexts[0], *pair), pairs)
    return [replace(view, waits=waiting) for view, waiting in zip(views, waits, strict=True)]


def _deliveries(name: str, said: EnvironmentAnswers) -> list[PastDelivery]:
    """By both paths, the oldest first."""
    pull = said.pull.value
    by_pull = pulled.deliveries(pull.commits.get(name, []), pull.line, _application(name, said))
    return sorted([*pushed.deliveries(said.push.value.past), *by_pull], key=lambda past: past.when)


def _dated(
    context: DeliveryContext, past: Mapping[str, Sequence[PastDelivery]]
) -> dict[str, list[PastDelivery]]:
    """With the moments of their commits, as far as those are here."""
    commits = dict.fromkeys(item.commit for several in past.values() for item in several if item.commit)
    times: dict[str, int] = {}
    if commits:
        times = log.parse_times(context.run.run(log.times(context.config.root, commits)).text)
    return {
        name: [replace(item, made=times.get(item.commit, 0)) for item in several]
        for name, several in past.items()
    }


def _view(name: str, said: EnvironmentAnswers, past: Sequence[PastDelivery], now: float) -> EnvironmentView:
    path = _path(name, said)
    by_path = [item for item in past if item.path == path]
    config, states = said.context.config, said.pull.value.answers
    return EnvironmentView(
        name,
        path,
        newest=str(policy.newest(said.tags.value, config.environment(name).admits) or ""),
        intended=by_path[-1] if by_path else None,
        running=_running(said.items.value, config),
        health=_health(path, name, said),
        drift=_drift(path, name, said, now),
        hold=states.states[name].held if states else "",
        lock=_lock(said, now),
        waits=None,
        deliveries=tuple(reversed(past[-SHOWN:])),
        figures=figures(past, now),
        unread=said.unread,
    )


def _path(name: str, said: EnvironmentAnswers) -> str:
    """By which it is delivered: what Argo CD looks after is the branch's, whatever was pushed before."""
    is_on_branch = name in said.pull.value.commits
    if is_on_branch and (_application(name, said) or not said.push.value.past.last):
        return PULL
    if said.push.value.past.last:
        return PUSH
    return UNKNOWN if said.push.unread else ""


def _application(name: str, said: EnvironmentAnswers) -> Application | None:
    pull = said.pull.value.answers
    if pull is None or pull.applications is None:
        return None
    return pull.applications.get(said.context.config.environment(name).namespace)


def _running(items: list[dict], config: Config) -> tuple[RunningVersion, ...]:
    """The versions of the app's own pods, the oldest first: several while one replaces the other."""
    begun: dict[tuple[str, str], list[float]] = {}
    for pod, image in running.started(items, config.app.name):
        since = datetime.fromisoformat(pod["status"]["startTime"]).timestamp()
        begun.setdefault((image.tag or str(image), image.digest), []).append(since)
    versions = [RunningVersion(*image, len(times), min(times)) for image, times in begun.items()]
    return tuple(sorted(versions, key=lambda version: version.since))


def _health(path: str, name: str, said: EnvironmentAnswers) -> str:
    if path == PULL:
        application = _application(name, said)
        return application.health if application else UNKNOWN
    if not path:
        return ""
    last = said.push.value.past.last
    return _judged(said, name, last) if last and last.packed and not said.items.unread else UNKNOWN


def _judged(said: EnvironmentAnswers, name: str, last: Revision) -> str:
    """What one look allows to say of a revision's objects, in Argo CD's words."""
    goal, cluster = standing_goal("", last.objects.values()), said.context.cluster(name)
    judged = judge_once(said.context.run, cluster, goal, said.items.value, last.good).verdict
    if judged.kind == GOOD:
        return "Healthy"
    return f"Degraded: {judged.reason}" if judged.kind == BAD else f"Progressing: {judged.waits_for}"


def _drift(path: str, name: str, said: EnvironmentAnswers, now: float) -> str:
    """ "" for none."""
    if path == PULL:
        application = _application(name, said)
        return drift_of(application).replace("none", "") if application else UNKNOWN
    seen = said.push.value.drift
    if said.push.unread or seen is None:
        return UNKNOWN if path else ""
    return seen.state(_date(now)).replace(AS_DELIVERED, "")


def _lock(said: EnvironmentAnswers, now: float) -> str:
    """Who delivers now, or has locked it and why."""
    seen = said.push.value.drift
    holder = seen.lock.holder if seen and seen.lock else None
    if holder and holder.reason:
        return f"{holder}: {holder.reason}"
    return seen.delivering(_date(now)) if seen else ""


def _date(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)


def _waits(context: DeliveryContext, view: EnvironmentView, before: EnvironmentView | None) -> Waits | None:
    """What the environment before has and this one has not; of the first one, what the registry has."""
    if view.path == UNKNOWN:
        return None
    own = view.intended.version if view.intended else ""
    if before is None:
        return Waits(REGISTRY, view.newest) if _is_newer(view.newest, own) else None
    there = before.intended
    if not there or there.version == own:
        return None
    commits = _commits(context, view.intended.commit if view.intended else "", there.commit)
    return Waits(before.environment, there.version, commits) if commits or not own else None


def _is_newer(newest: str, own: str) -> bool:
    return bool(newest) and (not is_version(own) or is_older(own, newest))


def _commits(context: DeliveryContext, old: str, new: str) -> tuple[str, ...]:
    """A line for each commit that ``new`` has and ``old`` lacks; none where git does not know them."""
    if not (old and new):
        return ()
    return tuple(context.run.run(log.subjects(context.config.root, old, new)).text.splitlines())
