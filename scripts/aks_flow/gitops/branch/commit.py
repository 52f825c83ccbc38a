"""One commit on top of a tip: signed and attributed as git's own settings say."""

from collections.abc import Mapping
from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.branch.branch import Branch, Tip
from aks_flow.tools.git import objects, settings
from aks_flow.tools.git.objects import TreeEntry

_NAME, _EMAIL = "aks-flow", "aks-flow@localhost"  # who commits where git has no name, as in a workflow
_NOBODY = {
    f"GIT_{role}_{detail}": text
    for role in ("AUTHOR", "COMMITTER")
    for detail, text in (("NAME", _NAME), ("EMAIL", _EMAIL))
}


@dataclass(frozen=True)
class Committer:
    """Whether commits are signed, and the environment variables that say who commits (none: git knows)."""

    signs: bool
    variables: Mapping[str, str]


def committer(branch: Branch) -> Committer:
    """Who commits in this repository, as git is configured."""
    signs = branch.run.run(settings.signs_commits(branch.repo)).text.strip() == "true"
    has_identity = branch.run.run(settings.identity(branch.repo)).code == 0
    return Committer(signs, {} if has_identity else _NOBODY)


def on_top(branch: Branch, tip: Tip, environment: str, tree: str, message: str, by: Committer) -> str:
    """A commit in which ``environment``'s folder is ``tree`` and everything else is the tip's; its hash.

    tree: "" if the environment has none then.
    """
    entries: dict[str, TreeEntry] = {**tip.entries, environment: objects.folder(tree)}
    if not tree:
        del entries[environment]
    return make(branch, branch.make_tree(entries), tip.commit, message, by)


def make(branch: Branch, tree: str, parent: str, message: str, by: Committer) -> str:
    """A commit that no branch has yet; AksFlowError with git's words, as when its signature fails."""
    command = objects.commit_tree(branch.repo, tree, parent, message, by.signs, by.variables)
    answer = branch.run.run(command)
    if answer.code:
        what = f"git could not {'sign' if by.signs else 'make'} the commit ({answer.error_text.strip()})"
        step = "Check user.signingkey and gpg.format." if by.signs else ""
        raise AksFlowError(what, where=str(branch.repo), next_step=step)
    return answer.text.strip()
