"""Pull requests: a branch, where it goes, and a preview of the merge, which their workflows check out."""

import json
from dataclasses import asdict, dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github.event import PULL_REQUEST, Event
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import Run
from aks_flow.rehearsal.standins.identity import AUTHOR
from aks_flow.tools.git import log, merge, objects, refs


@dataclass(frozen=True)
class Pull:
    """number: of refs/pull/NUMBER/head and /merge. head: its branch. base: the branch that it goes into."""

    number: int
    head: str
    base: str


def propose(hub: Hub, head: str, base: str) -> list[Run]:
    """Open one, or look again at the open one; the runs that it starts. AksFlowError on a conflict."""
    for branch in (head, base):
        hub.branch(branch)
    known = _all(hub)
    pull = next((pull for pull in known if (pull.head, pull.base) == (head, base)), None)
    if not pull:
        pull = Pull(max((pull.number for pull in known), default=0) + 1, head, base)
        _save(hub, [*known, pull])
    return _check(hub, pull)


def renew(hub: Hub, branch: str) -> tuple[list[Run], list[str]]:
    """A branch has moved: check its pull requests again; the runs, and why there is none for the others."""
    runs: list[Run] = []
    refused: list[str] = []
    for pull in _all(hub):
        if pull.head == branch and _is_open(hub, pull):
            try:
                runs += _check(hub, pull)
            except AksFlowError as error:
                refused.append(str(error))
    return runs, refused


def _is_open(hub: Hub, pull: Pull) -> bool:
    """Neither merged nor removed."""
    head, base = hub.commit(f"refs/heads/{pull.head}"), hub.commit(f"refs/heads/{pull.base}")
    if not (head and base):
        return False
    return hub.run.run(log.is_ancestor(hub.repository, head, base)).code != 0


def _check(hub: Hub, pull: Pull) -> list[Run]:
    """Preview the merge and start what pull requests start, with the files as merged."""
    head, base = hub.branch(pull.head), hub.branch(pull.base)
    commit = _merge(hub, pull, head, base)
    for name, target in (("head", head), ("merge", commit)):
        hub.run.run(refs.update(hub.repository, f"refs/pull/{pull.number}/{name}", target))
    reference = f"refs/pull/{pull.number}/merge"
    return hub.start(Event(PULL_REQUEST, reference, commit, base, pull.number, pull.head, pull.base))


def _merge(hub: Hub, pull: Pull, head: str, base: str) -> str:
    answer = hub.run.run(merge.merge_tree(hub.repository, base, head))
    tree, files = merge.parse_merge_tree(answer.text)
    if answer.code == merge.CONFLICT:
        what = (
            f"pull request {pull.number} conflicts with {pull.base} in {', '.join(files)}: no workflow starts"
        )
        raise AksFlowError(what, next_step=f"Merge {pull.base} into {pull.head}, then push it.")
    message = f"Merge {pull.head} into {pull.base}"
    made = objects.merge_commit(hub.repository, tree, (base, head), message, AUTHOR)
    return hub.run.run(made).text.strip()


def _all(hub: Hub) -> list[Pull]:
    file = hub.state / "pulls.json"
    return [Pull(**record) for record in json.loads(file.read_text())] if file.is_file() else []


def _save(hub: Hub, pulls: list[Pull]) -> None:
    draft = hub.state / "pulls.new"
    draft.write_text(json.dumps([asdict(pull) for pull in pulls], indent=2))
    draft.replace(hub.state / "pulls.json")
