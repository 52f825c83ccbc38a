"""Pull requests: a branch, where it goes, and a preview of the merge, which their workflows check out."""

from dataclasses import asdict, dataclass, replace

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github.event import CLOSED, OPENED, PULL_REQUEST, SYNCHRONIZE, Event
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import Run
from aks_flow.rehearsal.standins.identity import AUTHOR
from aks_flow.tools.git import ancestors, merge, refs

_KEPT = "pulls"


@dataclass(frozen=True)
class Pull:
    """number: of refs/pull/NUMBER/head and /merge. head: its branch. base: the branch that it goes into.

    merged: the commit that base got by its merge, "" until then. labels: their names.
    """

    number: int
    head: str
    base: str
    title: str = ""
    body: str = ""
    merged: str = ""
    labels: tuple[str, ...] = ()


def propose(hub: Hub, head: str, base: str) -> list[Run]:
    """Open one, or look again at the open one; the runs that it starts. AksFlowError on a conflict."""
    for branch in (head, base):
        hub.branch(branch)
    known = [pull for pull in all_of(hub) if (pull.head, pull.base) == (head, base) and _is_open(hub, pull)]
    return check(hub, known[-1] if known else add(hub, head, base, head))


def add(hub: Hub, head: str, base: str, title: str, body: str = "") -> Pull:
    """One more; nothing is checked yet."""
    known = all_of(hub)
    pull = Pull(max((pull.number for pull in known), default=0) + 1, head, base, title, body)
    _save(hub, [*known, pull])
    _point(hub, pull, "head", hub.branch(head))
    return pull


def close(hub: Hub, pull: Pull, commit: str, before: str) -> None:
    """It was merged as a commit; what that starts. before: where base was."""
    _point(hub, pull, "head", hub.branch(pull.head))
    _point(hub, pull, "merge", commit)
    _replace(hub, replace(pull, merged=commit))
    reference = f"refs/pull/{pull.number}/merge"
    sides = (pull.number, pull.head, pull.base)
    hub.start(Event(PULL_REQUEST, reference, commit, before, *sides, CLOSED, merged=True))


def relabel(hub: Hub, pull: Pull, labels: tuple[str, ...]) -> None:
    """Give it these labels and no others."""
    _replace(hub, replace(pull, labels=labels))


def state(hub: Hub, pull: Pull) -> str:
    """``open`` or ``closed``."""
    return "open" if _is_open(hub, pull) else "closed"


def tip(hub: Hub, pull: Pull) -> str:
    """The last commit of what is to be merged, or was."""
    moving = _is_open(hub, pull) and hub.commit(f"refs/heads/{pull.head}")
    return moving or hub.commit(f"refs/pull/{pull.number}/head")


def merge_commit(hub: Hub, pull: Pull) -> str:
    """What base got by the merge; its own head if somebody pushed that to base; "" if it is not merged."""
    head, base = (hub.commit(name) for name in (f"refs/pull/{pull.number}/head", f"refs/heads/{pull.base}"))
    pushed = head and base and hub.run.run(ancestors.is_ancestor(hub.repository, head, base)).code == 0
    return pull.merged or (head if pushed else "")


def renew(hub: Hub, branch: str) -> tuple[list[Run], list[str]]:
    """A branch has moved: check its pull requests again; the runs, and why there is none for the others."""
    runs: list[Run] = []
    refused: list[str] = []
    for pull in all_of(hub):
        if pull.head == branch and _is_open(hub, pull):
            try:
                runs += check(hub, pull, SYNCHRONIZE)
            except AksFlowError as error:
                refused.append(str(error))
    return runs, refused


def _is_open(hub: Hub, pull: Pull) -> bool:
    """Neither merged nor removed."""
    if pull.merged:
        return False
    head, base = hub.commit(f"refs/heads/{pull.head}"), hub.commit(f"refs/heads/{pull.base}")
    if not (head and base):
        return False
    return hub.run.run(ancestors.is_ancestor(hub.repository, head, base)).code != 0


def check(hub: Hub, pull: Pull, action: str = OPENED, by_workflow: bool = False) -> list[Run]:
    """Preview the merge and start what pull requests start, with the files as merged.

    by_workflow: opened with a workflow's own token, which starts nothing.
    """
    head, base = hub.branch(pull.head), hub.branch(pull.base)
    _point(hub, pull, "head", head)
    message = f"Merge {pull.head} into {pull.base}"
    made = merge.merge_commit(hub.repository, merged_tree(hub, pull), (base, head), message, AUTHOR)
    commit = hub.run.run(made).text.strip()
    _point(hub, pull, "merge", commit)
    reference = f"refs/pull/{pull.number}/merge"
    event = Event(PULL_REQUEST, reference, commit, base, pull.number, pull.head, pull.base, action)
    return [] if by_workflow else hub.start(event)


def merged_tree(hub: Hub, pull: Pull) -> str:
    """The files of a merge; AksFlowError on a conflict."""
    answer = hub.run.run(merge.merge_tree(hub.repository, hub.branch(pull.base), hub.branch(pull.head)))
    tree, files = merge.parse_merge_tree(answer.text)
    if answer.code == merge.CONFLICT:
        what = (
            f"pull request {pull.number} conflicts with {pull.base} in {', '.join(files)}: no workflow starts"
        )
        raise AksFlowError(what, next_step=f"Merge {pull.base} into {pull.head}, then push it.")
    return tree


def _point(hub: Hub, pull: Pull, name: str, commit: str) -> None:
    hub.run.run(refs.update(hub.repository, f"refs/pull/{pull.number}/{name}", commit))


def all_of(hub: Hub) -> list[Pull]:
    """By number."""
    return [Pull(**record) for record in hub.kept(_KEPT, [])]


def _replace(hub: Hub, pull: Pull) -> None:
    _save(hub, [pull if other.number == pull.number else other for other in all_of(hub)])


def _save(hub: Hub, pulls: list[Pull]) -> None:
    hub.keep(_KEPT, [asdict(pull) for pull in pulls])
