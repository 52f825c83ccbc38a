"""Which workflows an event starts, by the filters of their files."""

from collections.abc import Callable, Iterable

from aks_flow.rehearsal.standins.github.event import (
    BRANCH,
    DISPATCH,
    OPENED,
    PULL_REQUEST,
    PUSH,
    SYNCHRONIZE,
    TAG,
    Event,
)
from aks_flow.workflows.patterns import selects
from aks_flow.workflows.tree import Workflow, WorkflowNode

_USUAL = (OPENED, SYNCHRONIZE, "reopened")  # where a workflow names no types of a pull request
Files = Callable[[], Iterable[str]]  # the paths that the event changed; asked only of workflows that filter


def starts(workflow: Workflow, event: Event, files: Files) -> bool:
    """As GitHub decides: the event is listed, and every filter that it has lets this one through."""
    listed = workflow.events.get(event.name)
    if listed is None:
        return False
    if event.name == PUSH:
        return _reference(listed, event.ref) and _paths(listed, files)
    if event.name == PULL_REQUEST:
        return _acts(listed, event) and _passes(listed, "branches", event.base) and _paths(listed, files)
    return event.name == DISPATCH


def _acts(request: WorkflowNode, event: Event) -> bool:
    types = request.get("types")
    return event.action in (_USUAL if types is None else types.texts())


def _reference(push: WorkflowNode, ref: str) -> bool:
    """A filter for branches alone leaves all tags out, and the other way round."""
    is_tag = ref.startswith(TAG)
    own, other = ("tags", "branches") if is_tag else ("branches", "tags")
    if _has(push, other) and not _has(push, own):
        return False
    return _passes(push, own, ref.removeprefix(TAG if is_tag else BRANCH))


def _has(event: WorkflowNode, key: str) -> bool:
    return bool(event.get(key) or event.get(f"{key}-ignore"))


def _passes(event: WorkflowNode, key: str, name: str) -> bool:
    selected, ignored = event.get(key), event.get(f"{key}-ignore")
    if selected is not None:
        return selects(selected.texts(), name)
    return ignored is None or not selects(ignored.texts(), name)


def _paths(event: WorkflowNode, files: Files) -> bool:
    """One path that passes is enough."""
    return not _has(event, "paths") or any(_passes(event, "paths", file) for file in files())
