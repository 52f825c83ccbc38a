"""A push has arrived: what it starts, and what the person who pushed reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.names import Names
from aks_flow.gitflow.version import Version
from aks_flow.rehearsal.standins.github import pulls
from aks_flow.rehearsal.standins.github.event import BRANCH, NOTHING, PUSH, TAG, Event
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import QUEUED, SKIPPED, Run
from aks_flow.workflows.triggers import WRITTEN_BY_CI

# https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#push
_TAGS_TOLD = 3
_UNTOLD = "one of more than three that were pushed at once, of which GitHub makes no events; push it alone"


@dataclass(frozen=True)
class Update:
    """One line of a post-receive hook's input (githooks(5)): old and new commit, zeros for none."""

    old: str
    new: str
    ref: str


def parse(lines: Iterable[str]) -> list[Update]:
    return [Update(*line.split()) for line in lines if line.strip()]


def receive(hub: Hub, updates: Iterable[Update], inside_run: bool) -> list[str]:
    """Queue what the push starts; a sentence for each thing that it did or did not.

    inside_run: pushed by a step of a run, whose token starts nothing on GitHub either.
    """
    said, updates = [], list(updates)
    tags = [update.ref for update in updates if update.ref.startswith(TAG)]
    for update in updates:
        if update.new == NOTHING:
            said.append(f"{_name(update.ref)}: removed, nothing starts")
        elif inside_run:
            said.append(f"{_name(update.ref)}: pushed by a run, so it starts no workflow")
        elif update.ref in tags and len(tags) > _TAGS_TOLD:
            said.append(f"{_name(update.ref)}: {_UNTOLD}")
        else:
            said += _pushed(hub, update)
    return said


def _pushed(hub: Hub, update: Update) -> list[str]:
    event = Event(PUSH, update.ref, hub.commit(update.new), update.old)
    runs, refused = hub.start(event), []
    said = [describe(run) for run in runs] or [_silence(hub, event)]
    if update.ref.startswith(BRANCH):
        runs, refused = pulls.renew(hub, event.branch)
        said += [*(describe(run) for run in runs), *refused]
    return said


def describe(run: Run) -> str:
    """A run as the person who pushed reads it."""
    where = f"run {run.number}: {run.workflow.rpartition('/')[2]} on {run.event.branch}"
    if run.state == QUEUED:
        return f"{where}, queued (./inv rehearsal.run {run.number})"
    return f"{where} {'is skipped' if run.state == SKIPPED else 'cannot start'}: {run.note}"


def _silence(hub: Hub, event: Event) -> str:
    """Why nothing starts, as far as message and name tell."""
    ref = event.ref
    if hub.says_skip(event):
        return f"{_name(ref)}: its last commit's message says that no workflow is to start"
    name = ref.removeprefix(BRANCH).removeprefix(TAG)
    if ref.startswith(TAG):
        return f"tag {name}: {_of_tag(name)}"
    if not Names().kind(name) and name != WRITTEN_BY_CI:
        known = "main, develop, feature/*, release/* and hotfix/*"
        return f"{name}: no workflow starts on it; GitFlow knows {known}"
    return f"{name}: no workflow starts on it"


def _of_tag(name: str) -> str:
    try:
        Version.parse(name.removeprefix(Names().tag))
    except AksFlowError:
        return "no version (vX.Y.Z), so it releases nothing; no workflow starts on it"
    return "no workflow starts on it; the push of its branch delivers"


def _name(ref: str) -> str:
    return ref.removeprefix(BRANCH).replace(TAG, "tag ")
