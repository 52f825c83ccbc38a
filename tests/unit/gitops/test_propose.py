"""A promotion's branch that somebody else pushes at the same moment: the same proposal, or another."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.by_request.hosted import requests_of
from aks_flow.gitops import propose
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.branch.write import FolderChange
from aks_flow.tools.git import objects
from tests.unit.gitflow.conftest import alone, repo  # noqa: F401
from tests.unit.gitflow.repository import Quick, Repository


class Meanwhile(Quick):
    """Somebody else pushes a commit of this tree before the first push."""

    def __init__(self, tree: str):
        self._tree = tree

    def run(self, command: Command) -> Result:
        if "push" in command.argv and self._tree:
            *_, remote, reference = command.argv
            tree, self._tree = self._tree, ""
            parent = reference.partition(":")[0] + "^"
            theirs = Repository(Path(command.argv[2]))
            made = theirs.git("commit-tree", tree, "-p", parent, "-m", "Theirs")
            theirs.git("push", "--quiet", remote, f"{made}:{reference.partition(':')[2]}")
        return super().run(command)


@pytest.fixture
def base(repo, tmp_path) -> Branch:  # noqa: F811
    """The branch of a remote that has nothing else."""
    repo.git("init", "--quiet", "--bare", tmp_path / "remote")
    made = Branch(Quick(), repo.path, str(tmp_path / "remote"), "gitops", ("front",), {"dev": "dev"})
    init_branch(made)
    return made


@pytest.mark.parametrize("is_same", [True, False])
def test_what_somebody_else_proposes_at_the_same_moment_is_ours_if_it_is_the_same(base, is_same):
    tip = base.tip()
    folders = [base.make_tree({"pin": objects.file(base.store(text))}) for text in (b"1.5.0", b"1.4.0")]
    mine, other = FolderChange(folders[0], None, "Ours", ""), folders[0 if is_same else 1]
    theirs = base.make_tree({**tip.entries, "dev": objects.folder(other)})
    run, promotion = Meanwhile(theirs), SimpleNamespace(target="dev", tip=tip)
    head = replace(base, run=run, name="promote/dev-1.5.0")
    if is_same:
        propose._push(base, head, promotion, mine)
    else:
        with pytest.raises(AksFlowError, match="promote/dev-1.5.0: the branch proposes something else"):
            propose._push(base, head, promotion, mine)
    assert head.tip().entries["dev"].hash == other


HOSTS = {
    # origin, the branch's remote: where gh asks, and for which repository
    ("https://github.com/team/shop", "origin"): ([], {}),
    ("https://git.example.com/team/shop", "origin"): (["--hostname=git.example.com"], {}),
    ("https://github.com/team/shop", "git@git.example.com:team/ops"): (
        ["--hostname=git.example.com"],
        {"GH_REPO": "git@git.example.com:team/ops"},
    ),
}


@pytest.mark.parametrize("where", HOSTS)
def test_a_proposal_is_made_at_the_host_of_the_branch_s_repository(repo, where):  # noqa: F811
    origin, remote = where
    repo.git("remote", "add", "origin", origin)
    asked = requests_of(Quick(), repo.path, remote).show(1)
    assert ([word for word in asked.argv if "hostname" in word], asked.env) == HOSTS[where]
