"""One commit on top of a tip: as git's own settings want it signed and attributed."""

from collections.abc import Mapping
from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.branch.branch import Branch, Tip
from aks_flow.tools.git import objects
from aks_flow.tools.git.objects import Entry

_NAME, _EMAIL = "aks-flow", "aks-flow@localhost"  # who commits where nobody has told git, as in a workflow
_NOBODY = {
    f"GIT_{who}_{what}": text
    for who in ("AUTHOR", "COMMITTER")
    for what, text in (("NAME", _NAME), ("EMAIL", _EMAIL))
}


@dataclass(frozen=True)
class Author:
    """Whether commits are signed, and the environment variables that say who commits (none: git knows)."""

    signs: bool
    variables: Mapping[str, str]


def author(branch: Branch) -> Author:
    signs = branch.run.run(objects.signs(branch.repo)).text.strip() == "true"
    known = branch.run.run(objects.identity(branch.repo)).code == 0
    return Author(signs, {} if known else _NOBODY)


def on_top(branch: Branch, tip: Tip, environment: str, tree: str, message: str, by: Author) -> str:
    """A commit in which ``environment``'s folder is ``tree`` and everything else is the tip's."""
    entries: dict[str, Entry] = {**tip.entries, environment: objects.folder(tree)}
    return make(branch, branch.make_tree(entries), tip.commit, message, by)


def make(branch: Branch, tree: str, parent: str, message: str, by: Author) -> str:
    """A commit, as yet on no branch; AksFlowError with git's words, as when its signature fails."""
    command = objects.commit_tree(branch.repo, tree, parent, message, by.signs, by.variables)
    answer = branch.run.run(command)
    if answer.code:
        what = f"git could not {'sign' if by.signs else 'make'} the commit ({answer.error_text.strip()})"
        step = "Check user.signingkey and gpg.format." if by.signs else ""
        raise AksFlowError(what, where=str(branch.repo), next_step=step)
    return answer.text.strip()
