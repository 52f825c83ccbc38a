"""Repositories and names as git allows them and nobody expects them: a sentence each, or the right answer."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aks_flow.cli import flow
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from tests.task_context import GivenTask
from tests.unit.gitflow.repository import Quick, Repository

LATIN = b"feature/caf\xe9"


def latin_branch(repo: Repository) -> Repository:
    """A branch whose name is Latin-1, checked out nowhere."""
    folder = repo.path / ".git/refs/heads/feature"
    folder.mkdir()
    with open(os.fsencode(folder) + b"/" + os.path.basename(LATIN), "w") as file:
        file.write(repo.git("rev-parse", "HEAD") + "\n")
    return repo


def on_latin_branch(repo: Repository) -> Repository:
    latin_branch(repo)
    repo.git("checkout", "--quiet", os.fsdecode(LATIN))
    return repo


def latin_tag_file_and_message(repo: Repository) -> Repository:
    with open(os.fsencode(repo.path / ".git/refs/tags") + b"/v\xe9", "w") as file:
        file.write(repo.git("rev-parse", "HEAD") + "\n")
    with open(os.fsencode(repo.path) + b"/f\xe9", "w") as file:
        file.write("one\n")
    repo.git("add", ".")
    message = os.fsdecode(b"feat: caf\xe9")
    repo.git("-c", "i18n.commitEncoding=latin1", "commit", "--quiet", "-m", message)
    return repo


def wide_spaces(repo: Repository) -> Repository:
    """Names in which Python sees spaces and line breaks, and git does not."""
    repo.git("branch", "feature/a\u00a0b")
    repo.git("checkout", "--quiet", "-b", "feature/a\u2028b")
    repo.git("tag", "v1.4.0\u2003x")
    return repo


def clashing_tag(repo: Repository) -> Repository:
    shallow = repo.clone("shallow", "--depth=1")
    shallow.git("tag", "v1.4.0")
    shallow.commit()
    return shallow


def unborn(repo: Repository) -> Repository:
    repo.git("checkout", "--quiet", "--orphan", "fresh")
    repo.git("rm", "-r", "--quiet", "--force", ".")
    return repo


def empty(repo: Repository) -> Repository:
    made = Repository(repo.path.parent / "empty")
    made.path.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    return made


def no_repository(repo: Repository) -> Repository:
    made = Repository(repo.path.parent / "none")
    made.path.mkdir()
    return made


def bare(repo: Repository) -> Repository:
    return repo.clone("bare", "--bare")


def with_submodule(repo: Repository) -> Repository:
    library = Repository(repo.path.parent / "library")
    library.path.mkdir()
    library.git("init", "--quiet")
    library.commit("file", "one\n")
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.path, "lib")
    repo.commit(message="Add a library")
    return repo


def changed_submodule(repo: Repository) -> Repository:
    with_submodule(repo)
    (repo.path / "lib/file").write_text("two\n")
    return repo


def untracked_in_submodule(repo: Repository) -> Repository:
    with_submodule(repo)
    (repo.path / "lib/new").write_text("two\n")
    return repo


def moved_submodule(repo: Repository) -> Repository:
    with_submodule(repo)
    Repository(repo.path / "lib").commit("file", "two\n")
    return repo


def without_submodules(repo: Repository) -> Repository:
    return with_submodule(repo).clone("no-submodules")


def sparse(repo: Repository) -> Repository:
    for folder in ("a", "b"):
        (repo.path / folder).mkdir()
        repo.commit(f"{folder}/file", "one\n")
    clone = repo.clone("sparse", "--sparse")
    clone.git("sparse-checkout", "set", "a")
    return clone


def partial(repo: Repository) -> Repository:
    repo.git("config", "uploadpack.allowFilter", "true")
    return repo.clone("partial", "--filter=tree:0")


def partial_without_origin(repo: Repository) -> Repository:
    repo.git("branch", "release/1.5.0")
    clone = partial(repo)
    repo.path.rename(repo.path.with_name("moved"))
    return clone


def work_tree_elsewhere(repo: Repository) -> Repository:
    elsewhere = repo.path.parent / "elsewhere"
    elsewhere.mkdir()
    repo.git("config", "core.worktree", elsewhere)
    return repo


def work_tree_nowhere(repo: Repository) -> Repository:
    repo.git("config", "core.worktree", repo.path.parent / "nowhere")
    return repo


def hook(name: str, at_origin: bool = False) -> Callable[[Repository], Repository]:
    """A repository whose hook refuses, with a release and something to push to."""

    def make(repo: Repository) -> Repository:
        repo.git("branch", "release/1.5.0")
        repo.git("checkout", "--quiet", "--detach")
        clone = repo.clone("hooked", "--branch", "develop")
        file = (repo if at_origin else clone).path / ".git/hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("#!/bin/sh\necho 'ask the release manager' >&2\nexit 1\n")
        file.chmod(0o755)
        return clone

    return make


def version(task: GivenTask, commit: str = "") -> None:
    flow.version_task(task, commit, explain=False, json=False)


def status(task: GivenTask) -> None:
    flow.status_task(task, json=False)


def notes(task: GivenTask) -> None:
    flow.notes_task(task, "", json=False)


def start(task: GivenTask, name: str = "x", push: bool = False) -> None:
    flow.start_feature_task(task, name, push)


def finish_feature(task: GivenTask) -> None:
    flow.finish_feature_task(task, "", False, pr=False)


def finish(task: GivenTask, push: bool = False) -> None:
    flow.finish_release_task(task, "1.5.0", push, pr=False)


@dataclass(frozen=True)
class Case:
    """A task in a repository of a class. shows: a part of the answer; says: a part of the refusal.

    report: the public report of a member of the class.
    """

    kind: str
    make: Callable[[Repository], Repository]
    task: Callable
    given: dict = field(default_factory=dict)
    shows: str = ""
    says: str = ""
    report: str = ""


def same(repo: Repository) -> Repository:
    return repo


BYTES, CLASH, RANGE, UNBORN = (
    "names that are not UTF-8",
    "tags that clash",
    "what is no commit",
    "unborn branches",
)
SUBMODULES, PARTS, ELSEWHERE, HOOKS = "submodules", "sparse and partial clones", "no work tree here", "hooks"
REFUSED = "ask the release manager"
CASES = [
    Case(BYTES, latin_branch, status, shows="its name is not UTF-8: rename it", report="libgit2/pygit2#1206"),
    Case(BYTES, latin_branch, version, shows="1.5.0-alpha.2"),
    Case(
        BYTES, on_latin_branch, version, shows="1.5.0-feature-caf--3d95b440.2", report="libgit2/pygit2#1028"
    ),
    Case(BYTES, on_latin_branch, finish_feature, says="is not UTF-8. Rename it with `git branch -m`"),
    Case(BYTES, same, start, {"name": "caf\udce9"}, says="no branch can be named 'feature/caf\\udce9'"),
    Case(BYTES, same, version, {"commit": "caf\udce9"}, says="'caf\\udce9' is no commit"),
    Case(BYTES, latin_tag_file_and_message, notes, shows="- café (", report="casperdcl/git-fame#38"),
    Case(BYTES, latin_tag_file_and_message, version, shows="1.5.0-alpha.3"),
    Case(BYTES, wide_spaces, status, shows="feature/a\u00a0b", report="gitpython-developers/GitPython#774"),
    Case(BYTES, wide_spaces, version, shows="1.5.0-feature-a-b--be8b130d.2"),
    Case(
        CLASH,
        clashing_tag,
        version,
        says="v1.4.0: the tag here is not origin's",
        report="cyrusimap/cyrus-imapd#4365",
    ),
    Case(CLASH, clashing_tag, notes, says="git fetch --tags --force origin", report="mobile-shell/mosh#1217"),
    *(
        Case(RANGE, same, version, {"commit": name}, says=f"{name!r} is no commit")
        for name in (
            "main..develop",
            "main...develop",
            "..",
            "^main",
            "develop^!",
            "HEAD:app",
            "--all",
            "HEAD^9",
            "\n",
        )
    ),
    Case(RANGE, same, version, {"commit": "v1.4.0^{}"}, shows="1.4.0"),
    Case(
        UNBORN, unborn, version, says="the branch fresh has no commit yet", report="ingydotnet/git-subrepo#26"
    ),
    Case(UNBORN, unborn, status, shows="1.5.0-alpha.2"),
    Case(UNBORN, unborn, start, shows="feature/x started from develop"),
    Case(UNBORN, empty, version, says="the branch main has no commit yet. Commit first"),
    Case(UNBORN, empty, status, says="no branch has a commit yet. Commit first"),
    Case(UNBORN, empty, start, says="there is no branch develop"),
    Case(SUBMODULES, with_submodule, version, shows="1.5.0-alpha.3"),
    Case(SUBMODULES, without_submodules, version, shows="1.5.0-alpha.3"),
    Case(SUBMODULES, without_submodules, start, shows="feature/x started from develop"),
    Case(SUBMODULES, changed_submodule, version, says="the submodule lib has changes of its own"),
    Case(SUBMODULES, untracked_in_submodule, version, says="the submodule lib has changes of its own"),
    Case(SUBMODULES, moved_submodule, version, shows="1.5.0-alpha.3.dirty."),
    Case(PARTS, sparse, version, shows="1.5.0-alpha.4"),
    Case(PARTS, sparse, start, shows="feature/x started from develop"),
    Case(PARTS, partial, status, shows="1.5.0-alpha.2"),
    Case(PARTS, partial_without_origin, version, shows="1.5.0-alpha.2"),
    Case(
        PARTS,
        partial_without_origin,
        finish,
        says="the merge cannot be made: ",
        report="GitTools/GitVersion#4094",
    ),
    Case(ELSEWHERE, work_tree_elsewhere, version, says="git's work tree is elsewhere"),
    Case(ELSEWHERE, work_tree_elsewhere, start, says="git config --unset core.worktree"),
    Case(ELSEWHERE, work_tree_elsewhere, status, says="git's work tree is elsewhere"),
    Case(
        ELSEWHERE,
        work_tree_nowhere,
        version,
        says="git's work tree is elsewhere",
    ),
    Case(ELSEWHERE, bare, version, says="invoke.yaml is not at the top of a git repository"),
    Case(ELSEWHERE, no_repository, version, says="invoke.yaml is not at the top of a git repository"),
    Case(ELSEWHERE, no_repository, start, says="invoke.yaml is not at the top of a git repository"),
    # A merge without a conflict is made beside the work tree, as a server makes a pull request's.
    Case(HOOKS, hook("pre-merge-commit"), finish, shows="release/1.5.0 finished, released as v1.5.0"),
    Case(HOOKS, hook("commit-msg"), finish, shows="release/1.5.0 finished, released as v1.5.0"),
    Case(HOOKS, hook("post-checkout"), finish, says=f"develop cannot be checked out: {REFUSED}"),
    Case(
        HOOKS,
        hook("post-checkout"),
        start,
        says=f"feature/x cannot be started: {REFUSED}. Correct what it says",
    ),
    Case(HOOKS, hook("reference-transaction"), start, says="ref updates aborted by hook"),
    Case(
        HOOKS,
        hook("pre-push"),
        start,
        {"push": True},
        says=f"origin refuses the push: {REFUSED}. Nothing has changed here",
    ),
    Case(HOOKS, hook("pre-receive", True), start, {"push": True}, says="pre-receive hook declined"),
    Case(
        HOOKS,
        hook("pre-receive", True),
        finish,
        {"push": True},
        says=f"origin refuses the push: {REFUSED}",
    ),
    Case(
        HOOKS,
        hook("update", True),
        finish,
        {"push": True},
        says="`./inv flow.release.finish --version 1.5.0` again",
    ),
]


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.kind} {case.make.__name__} {case.task.__name__}"
)
def test_a_repository_of_every_class_gets_its_answer_or_one_sentence(case, repo, settings, capsys):
    task = GivenTask(case.make(repo).path, settings, Quick())
    if not case.says:
        case.task(task, **case.given)
        assert case.shows in capsys.readouterr().out.replace("\n│", "")
        return
    with pytest.raises(AksFlowError) as caught:
        case.task(task, **case.given)
    assert case.says in str(caught.value)
    assert "\n" not in str(caught.value) and not isinstance(caught.value, CommandFailed)
    str(caught.value).encode()


def test_a_dirty_sparse_tree_holds_what_is_not_checked_out(repo, settings, capsys):
    clone = sparse(repo)
    Path(clone.path, "a/file").write_text("two\n")
    version(GivenTask(clone.path, settings, Quick()))
    tree = capsys.readouterr().out.strip().rpartition(".")[2]
    assert "b/file" in clone.git("ls-tree", "-r", "--name-only", tree).split()
