"""Merges and tags that no branch and no name here has yet: what a finish pushes, and moves its branches to.

After a conflict a person goes on in the work tree. The merges that were made until then are kept under
``KEPT``, so that the same command finds them.
"""

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from aks_flow.gitflow.flow import Flow
from aks_flow.tools.git import ANY, ancestors, lines, merge, settings, unnamed

KEPT = "refs/aks-flow/finish"
_UNCHANGED = "Nothing has changed. Correct what it says, then run this again."
_SIGNING = r"^(user|gpg|tag)\."


@dataclass
class PreparedRefs:
    """name: of what is finished. tips: where branches are to be; tags: the tags' objects; both by name.

    before: where branches were that get a merge.
    """

    flow: Flow
    name: str
    tips: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    def tip(self, branch: str) -> str:
        return self.tips.get(branch) or self.flow.tip(branch)

    def merge(self, commit: str, target: str, message: str) -> bool:
        """Merge a commit into a branch; False if that is a person's to do, because of a conflict."""
        parents = (self.tip(target), commit)
        made = self._kept(target, parents) or _merged(self.flow, parents, message)
        if made:
            self.before.setdefault(target, parents[0])
            self.tips[target] = made
        return bool(made)

    def tag(self, name: str, branch: str, message: str) -> None:
        """Tag where a branch is to be."""
        self.tags[name] = make_tag(self.flow, name, self.tip(branch), message)

    def keep(self) -> None:
        """Let the same command find the merges after a conflict."""
        moves = [
            (self._place(branch), tip, self.flow.commit(self._place(branch)))
            for branch, tip in self.tips.items()
        ]
        self._move(moves, "keep what is merged")

    def references(self) -> list[str]:
        """For a push: where branches and tags are to be at the remote."""
        heads = [f"{tip}:refs/heads/{branch}" for branch, tip in self.tips.items()]
        return [*heads, *(f"{tag}:refs/tags/{name}" for name, tag in self.tags.items())]

    def take_over(self) -> None:
        """Move the branches and make the tags here, all of them together; nothing is kept any more.

        AksFlowError if a branch has moved since: what somebody has committed there would be lost.
        """
        away = {name: tip for name, tip in self.tips.items() if self.flow.here(name) != tip}
        heads = [(f"refs/heads/{name}", tip, self.before.get(name, tip)) for name, tip in away.items()]
        tags = [(f"refs/tags/{name}", tag, "") for name, tag in self.tags.items()]
        kept = [(place, "", self.flow.commit(place)) for place in self._places()]
        self._move([move for move in [*heads, *tags, *kept] if move[1] != move[2]], f"finish {self.name}")

    def _place(self, branch: str) -> str:
        return f"{KEPT}/{self.name}/{branch}"

    def _places(self) -> list[str]:
        return lines(self.flow.run.run(unnamed.below(self.flow.repo, f"{KEPT}/{self.name}")).text)

    def _kept(self, branch: str, parents: tuple[str, str]) -> str:
        """The merge that was made of these two before, or ""."""
        commit = self.flow.commit(self._place(branch))
        found = self.flow.run.run(ancestors.parents(self.flow.repo, commit)).text.split() if commit else []
        return commit if found[1:] == [*parents] else ""

    def _move(self, moves: list[tuple[str, str, str]], why: str) -> None:
        if moves:
            step = "Nothing has moved. Correct what it says, then run this again."
            command = unnamed.update_together(self.flow.repo, moves, why)
            self.flow.change(command, "branches and tags cannot be moved", step)


def _merged(flow: Flow, parents: tuple[str, str], message: str) -> str:
    """The merge of two commits, "" if they conflict."""
    answer = flow.run.run(replace(merge.merge_tree(flow.repo, *parents), ok=ANY))
    if answer.code == merge.CONFLICT:
        return ""
    flow.refuse(answer, "the merge cannot be made", _UNCHANGED)
    tree, _ = merge.parse_merge_tree(answer.text)
    signs = flow.run.run(settings.signs_commits(flow.repo)).text.strip() == "true"
    made = merge.merge_commit(flow.repo, tree, parents, message, {}, signs)
    return flow.change(made, "the merge cannot be committed", _UNCHANGED)


def make_tag(flow: Flow, name: str, commit: str, message: str) -> str:
    """A tag's object, which has its name in a repository beside this one only; its hash."""
    values = settings.parse_all(flow.run.run(settings.matching(flow.repo, _SIGNING)).text)
    folder = flow.run.run(unnamed.objects_folder(flow.repo)).text.strip()
    env = {**unnamed.as_environment(values), "GIT_OBJECT_DIRECTORY": folder}
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as beside:
        flow.run.run(unnamed.make_bare(Path(beside)))
        made = unnamed.make_tag(Path(beside), name, commit, message, env)
        flow.change(made, f"{name} cannot be made", _UNCHANGED)
        return flow.run.run(unnamed.resolve_object(Path(beside), f"refs/tags/{name}")).text.strip()
