"""Starting and finishing branches of real repositories."""

import subprocess
from dataclasses import replace

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow.finish import finish
from aks_flow.gitflow.flow import open_flow
from aks_flow.gitflow.start import start
from tests.unit.gitflow.repository import Quick


def flow(repo):
    return open_flow(Quick(), repo.path, {}, Steps(Silent()), {})


def parents(repo, commit):
    return repo.git("rev-list", "--parents", "-1", commit).split()[1:]


@pytest.fixture
def conflicting(repo):
    """release/1.5.0 and main have changed the same line."""
    start(flow(repo), "release", "1.5.0")
    repo.commit("file", "theirs\n")
    repo.git("checkout", "--quiet", "main")
    repo.commit("file", "ours\n")
    repo.git("checkout", "--quiet", "release/1.5.0")
    return repo


@pytest.fixture
def cloned(repo):
    """A clone of a bare origin with main checked out nowhere but there."""
    repo.git("clone", "--quiet", "--bare", repo.path, repo.path.parent / "origin.git")
    repo.git("remote", "add", "origin", repo.path.parent / "origin.git")
    repo.git("fetch", "--quiet", "origin")
    return type(repo)(repo.path.parent / "origin.git").clone("clone", "--branch", "develop")


def test_a_feature_leaves_develop_and_comes_back_by_a_merge(repo):
    base = repo.git("rev-parse", "develop")
    assert str(start(flow(repo), "feature", "dark-mode")).startswith("feature/dark-mode started from develop")
    tip = repo.commit("dark", "one\n")
    assert str(finish(flow(repo), "feature")) == "feature/dark-mode finished"  # there is no origin to push to
    assert parents(repo, "develop") == [base, tip]
    assert repo.branches() == {"main", "develop"}
    assert repo.git("branch", "--show-current") == "develop"


class Meanwhile(Quick):
    """Somebody else commits to develop once what is to be finished is merged."""

    def __init__(self, repo):
        self._repo, self.theirs = repo, ""

    def run(self, command):
        if "--detach" in command.argv and not self.theirs:
            self.theirs = self._repo.git("commit-tree", "-p", "develop", "-m", "Theirs", "develop^{tree}")
            self._repo.git("branch", "--force", "develop", self.theirs)
        return super().run(command)


def test_what_somebody_commits_to_develop_meanwhile_is_not_lost(repo):
    start(flow(repo), "feature", "dark-mode")
    tip = repo.commit("dark", "one\n")
    run = Meanwhile(repo)
    with pytest.raises(AksFlowError, match="branches and tags cannot be moved.*Nothing has moved"):
        finish(replace(flow(repo), run=run), "feature")
    assert repo.git("rev-parse", "develop") == run.theirs
    finish(flow(repo), "feature", "dark-mode")
    assert parents(repo, "develop") == [run.theirs, tip]


def test_what_brings_a_finished_branch_to_origin_is_named(cloned):
    start(flow(cloned), "feature", "x")
    cloned.commit("dark", "one\n")
    said = str(finish(flow(cloned), "feature"))
    assert "feature/x finished; not pushed: `git -C" in said and " origin develop`" in said


def test_a_release_is_merged_tagged_and_merged_back(repo):
    main = repo.git("rev-parse", "main")
    start(flow(repo), "release", "v1.5.0")
    tip = repo.commit("notes", "one\n")
    done = finish(flow(repo), "release")
    assert (done.tag, done.pushed) == ("v1.5.0", False)
    assert parents(repo, "main") == [main, tip]
    assert repo.git("cat-file", "-t", "v1.5.0") == "tag"
    assert repo.git("rev-parse", "v1.5.0^{commit}") == repo.git("rev-parse", "main")
    assert repo.git("rev-parse", "main") in parents(repo, "develop")
    assert repo.branches() == {"main", "develop"}
    assert repo.version() == "1.6.0-alpha.5"


def test_a_hotfix_starts_from_main_and_reaches_both_branches(repo):
    start(flow(repo), "hotfix", "1.4.1")
    assert repo.git("merge-base", "HEAD", "main") == repo.git("rev-parse", "main")
    repo.commit("file", "fixed\n")
    assert repo.version() == "1.4.1-rc.1"
    finish(flow(repo), "hotfix")
    assert repo.git("show", "develop:file") == repo.git("show", "main:file") == "fixed"
    assert repo.git("tag", "--points-at", "main") == "v1.4.1"


@pytest.mark.parametrize("kind, version", [("hotfix", "1.4.1"), ("release", "1.5.0")])
def test_what_brings_nothing_new_is_not_released(repo, kind, version):
    repo.git("checkout", "--quiet", "-B", "develop", "main")
    start(flow(repo), kind, version)
    with pytest.raises(AksFlowError, match=f"{kind}/{version} has no commit that v1.4.0 lacks"):
        finish(flow(repo), kind)
    assert repo.git("tag") == "v1.4.0"
    assert f"{kind}/{version}" in repo.branches()


def test_a_hotfix_before_the_first_release_that_brings_nothing_is_not_released(repo):
    repo.git("tag", "--delete", "v1.4.0")
    start(flow(repo), "hotfix", "1.0.0")
    repo.git("checkout", "--quiet", "main")
    repo.commit("other", "later\n")
    with pytest.raises(AksFlowError, match="hotfix/1.0.0 has no commit that main lacks.*Commit what it is"):
        finish(flow(repo), "hotfix")
    assert repo.git("tag") == "" and "hotfix/1.0.0" in repo.branches()


def test_the_first_release_may_be_what_main_has(repo):
    repo.git("tag", "--delete", "v1.4.0")
    repo.git("checkout", "--quiet", "-B", "develop", "main")
    start(flow(repo), "release", "1.0.0")
    assert finish(flow(repo), "release").tag == "v1.0.0"


def test_a_hotfix_before_the_first_release_goes_on_after_a_conflict(repo):
    repo.git("tag", "--delete", "v1.4.0")
    start(flow(repo), "hotfix", "1.0.0")
    repo.commit("file", "theirs\n")
    repo.git("checkout", "--quiet", "main")
    repo.commit("file", "ours\n")
    with pytest.raises(AksFlowError, match="conflicts in file"):
        finish(flow(repo), "hotfix")
    (repo.path / "file").write_text("both\n")
    repo.git("commit", "--quiet", "--all", "--message", "Both")
    assert finish(flow(repo), "hotfix").tag == "v1.0.0"


def test_a_finish_goes_on_after_a_conflict_was_resolved(conflicting):
    with pytest.raises(AksFlowError, match=r"conflicts in file.*flow.release.finish --version 1.5.0"):
        finish(flow(conflicting), "release")
    with pytest.raises(AksFlowError, match="a merge waits for file to be resolved"):
        finish(flow(conflicting), "release")
    (conflicting.path / "file").write_text("both\n")
    conflicting.git("add", "file")
    with pytest.raises(AksFlowError, match="a merge is not committed"):
        finish(flow(conflicting), "release")
    conflicting.git("commit", "--quiet", "--no-edit")
    assert finish(flow(conflicting), "release").tag == "v1.5.0"
    assert conflicting.git("show", "v1.5.0:file") == conflicting.git("show", "develop:file") == "both"


def test_a_finish_goes_on_after_a_conflict_of_the_merge_back(repo):
    start(flow(repo), "hotfix", "1.4.1")
    repo.commit("file", "fixed\n")
    repo.git("checkout", "--quiet", "develop")
    repo.commit("file", "developed\n")
    with pytest.raises(AksFlowError, match=r"merging v1.4.1 into develop: conflicts in file"):
        finish(flow(repo), "hotfix")
    (repo.path / "file").write_text("both\n")
    repo.git("commit", "--quiet", "--all", "--no-edit")
    resolved, merged = repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "HEAD^2")
    finish(flow(repo), "hotfix")
    assert [repo.git("rev-parse", name) for name in ("main", "v1.4.1^{}", "develop")] == [
        merged,
        merged,
        resolved,
    ]
    assert repo.branches() == {"main", "develop"} and repo.git("for-each-ref", "refs/aks-flow") == ""


def test_a_merge_that_was_given_up_is_made_again(conflicting):
    with pytest.raises(AksFlowError, match="conflicts"):
        finish(flow(conflicting), "release")
    conflicting.git("merge", "--abort")
    with pytest.raises(AksFlowError, match="conflicts in file"):
        finish(flow(conflicting), "release")


@pytest.mark.parametrize(
    ("before", "kind", "name", "message"),
    [
        ("touch", "feature", "x", "has changes that are not committed"),
        ("branch feature/x", "feature", "x", "the branch feature/x exists here"),
        ("tag v1.5.0", "release", "1.5.0", "the tag v1.5.0 exists"),
        ("tag v2.0.0", "release", "1.5.0", "1.5.0 is below the last release, 2.0.0"),
        ("branch release/1.6.0", "release", "1.5.0", "release/1.6.0 is open.*flow.release.finish"),
        ("branch -D main", "hotfix", "1.4.1", "there is no branch main"),
        ("status", "release", "1.5.0-rc.1", "is no final version"),
        ("status", "release", "soon", "'soon' is not a version"),
        ("status", "feature", "a b", "no branch can be named 'feature/a b'"),
    ],
)
def test_a_start_is_refused_with_one_sentence_and_changes_nothing(repo, before, kind, name, message):
    if before == "touch":
        (repo.path / "file").write_text("changed\n")
    else:
        repo.git(*before.split())
    refs = repo.git("for-each-ref")
    with pytest.raises(AksFlowError, match=message):
        start(flow(repo), kind, name)
    assert (repo.git("for-each-ref"), repo.git("branch", "--show-current")) == (refs, "develop")


def test_a_release_that_only_origin_has_is_finished_from_there(repo, cloned):
    repo.git("push", "--quiet", "origin", "develop~1:refs/heads/release/1.5.0")
    tip = repo.git("rev-parse", "develop~1")
    finish(flow(cloned), "release", push=True)
    assert tip in parents(cloned, "main")
    assert repo.git("ls-remote", "--heads", "origin", "release/1.5.0") == ""


def test_a_branch_that_another_worktree_holds_is_named_in_git_s_words(repo):
    start(flow(repo), "feature", "x")
    repo.commit()
    repo.git("worktree", "add", "--quiet", repo.path.parent / "beside", "develop")
    with pytest.raises(AksFlowError, match="'develop' is already (checked out|used by worktree) at .*beside"):
        finish(flow(repo), "feature")


def test_a_finish_without_a_branch_or_with_a_choice_says_so(repo):
    with pytest.raises(AksFlowError, match="no release is open"):
        finish(flow(repo), "release")
    with pytest.raises(AksFlowError, match="there is no branch release/1.5.0"):
        finish(flow(repo), "release", "1.5.0")
    repo.git("branch", "feature/a")
    repo.git("branch", "feature/b")
    with pytest.raises(AksFlowError, match="2 features are open: feature/a, feature/b. Choose with --name"):
        finish(flow(repo), "feature")


def test_a_release_tagged_before_its_last_commit_is_refused(repo):
    start(flow(repo), "release", "1.5.0")
    repo.git("tag", "v1.5.0")
    repo.commit()
    with pytest.raises(AksFlowError, match="the tag v1.5.0 exists and lacks commits of release/1.5.0"):
        finish(flow(repo), "release")


def test_a_finish_is_refused_while_origin_s_main_has_moved(repo, cloned):
    start(flow(cloned), "release", "1.5.0")
    cloned.git("branch", "main", "origin/main")
    repo.git("checkout", "--quiet", "main")
    repo.commit()
    repo.git("push", "--quiet", "origin", "main")
    with pytest.raises(AksFlowError, match="main has moved: origin has 1 commit that"):
        finish(flow(cloned), "release")
    assert cloned.git("tag") == "v1.4.0"


def test_nothing_is_pushed_unless_asked(repo, cloned):
    start(flow(cloned), "release", "1.5.0")
    cloned.commit("notes", "one\n")
    done = finish(flow(cloned), "release")
    assert "push --quiet --atomic -- origin main develop v1.5.0" in str(done)
    repo.git("fetch", "--quiet", "--tags", "origin")
    assert repo.git("tag") == "v1.4.0"
    assert repo.git("rev-parse", "origin/main") == repo.git("rev-parse", "main")


def test_a_push_that_was_asked_for_brings_everything_and_removes_the_branch(repo, cloned):
    start(flow(cloned), "release", "1.5.0", push=True)
    cloned.commit("notes", "one\n")
    finish(flow(cloned), "release", push=True)
    repo.git("fetch", "--quiet", "--tags", "--prune", "origin")
    branches = repo.git("for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin").split()
    assert set(branches) - {"HEAD"} == {"develop", "main"}  # a fetch of git 2.48 makes a HEAD
    assert repo.git("rev-parse", "v1.5.0^{}") == repo.git("rev-parse", "origin/main")
    assert repo.git("rev-parse", "origin/develop") == cloned.git("rev-parse", "develop")


class BeforeThePush(Quick):
    """Somebody else commits to feature/dark-mode at origin once a push begins."""

    def __init__(self, repo):
        self._repo = repo

    def run(self, command):
        if "push" in command.argv:
            commit_to_feature(self._repo)
        return super().run(command)


def commit_to_feature(repo):
    repo.git("fetch", "--quiet", "origin")
    repo.git("checkout", "--quiet", "--detach", "origin/feature/dark-mode")
    repo.git("push", "--quiet", "origin", f"{repo.commit('more', 'theirs')}:refs/heads/feature/dark-mode")


def test_what_somebody_commits_before_a_push_stays_at_origin(repo, cloned):
    start(flow(cloned), "feature", "dark-mode", push=True)
    cloned.commit("notes", "one\n")
    with pytest.raises(AksFlowError, match="origin refuses the push: .*stale info"):
        finish(open_flow(BeforeThePush(repo), cloned.path, {}, Steps(Silent()), {}), "feature", push=True)
    assert "more" in repo.git("ls-tree", "--name-only", "origin/feature/dark-mode")


def test_what_somebody_commits_before_the_push_that_was_printed_stays_at_origin(repo, cloned):
    start(flow(cloned), "feature", "dark-mode", push=True)
    cloned.commit("notes", "one\n")
    printed = finish(flow(cloned), "feature").push
    commit_to_feature(repo)
    assert "stale info" in subprocess.run(printed, shell=True, capture_output=True, text=True).stderr
    assert "more" in repo.git("ls-tree", "--name-only", "origin/feature/dark-mode")


def test_a_branch_that_is_gone_at_origin_is_finished_all_the_same(repo, cloned):
    start(flow(cloned), "feature", "dark-mode", push=True)
    cloned.commit("notes", "one\n")
    repo.git("push", "--quiet", "origin", ":refs/heads/feature/dark-mode")
    assert finish(flow(cloned), "feature", push=True).pushed


REFUSALS = {
    "without a word": ("exit 1", "origin refuses the push: .*declined"),
    "protected": (
        "echo 'error: GH006: Protected branch update failed for refs/heads/main.'; echo;"
        " echo '- Changes must be made through a pull request.'; exit 1",
        r"main does not take this push, by its branch protection \(GH006\): Changes must be made through a "
        r"pull request\. .*add --pr to `./inv flow.hotfix.finish --version 1.4.1`",
    ),
    "a ruleset": (
        "echo 'error: GH013: Repository rule violations found for refs/tags/v1.4.1.'; echo;"
        " echo '- Cannot create ref due to creations being restricted.'; exit 1",
        r"v1.4.1 does not take this push, by its ruleset \(GH013\): Cannot create ref",
    ),
    "workflow files": (
        "echo 'error: GH013: Repository rule violations found for refs/tags/v1.4.1.'; echo;"
        " echo '- refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml`"
        " without `workflows` permission'; exit 1",
        r"v1.4.1 does not take this push.*without `workflows` permission.*FLOW_TOKEN with `workflows: write`",
    ),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refused_push_changes_nothing_and_the_same_command_pushes_again(repo, cloned, why):
    hook, (script, words) = repo.path.parent / "origin.git/hooks/pre-receive", REFUSALS[why]
    start(flow(cloned), "hotfix", "1.4.1")
    cloned.commit("file", "fixed\n")
    hook.write_text(f"#!/bin/sh\nexec >&2\n{script}\n")
    hook.chmod(0o755)
    before = cloned.git("for-each-ref"), cloned.git("status", "--porcelain=v2", "--branch")
    with pytest.raises(AksFlowError, match=words):
        finish(flow(cloned), "hotfix", push=True)
    assert (cloned.git("for-each-ref"), cloned.git("status", "--porcelain=v2", "--branch")) == before
    hook.unlink()
    assert finish(flow(cloned), "hotfix", push=True).pushed
    assert repo.git("ls-remote", "--tags", "origin", "v1.4.1") != ""


def test_a_start_whose_push_is_refused_changes_nothing(repo, cloned):
    hook = repo.path.parent / "origin.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    refs = cloned.git("for-each-ref")
    with pytest.raises(AksFlowError, match="origin refuses the push"):
        start(flow(cloned), "feature", "x", push=True)
    assert (cloned.git("for-each-ref"), cloned.git("branch", "--show-current")) == (refs, "develop")


def test_a_signed_tag_and_signed_merges_stay_signed(repo):
    signer = repo.path.parent / "signer"
    signer.write_text(
        "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho 'signed by a test'\n"
    )
    signer.chmod(0o755)
    start(flow(repo), "release", "1.5.0")
    repo.commit("notes", "one\n")
    for key, value in {"gpg.program": signer, "tag.gpgsign": "true", "commit.gpgsign": "true"}.items():
        repo.git("config", key, value)
    finish(flow(repo), "release")
    assert "signed by a test" in repo.git("cat-file", "tag", "v1.5.0")
    assert "signed by a test" in repo.git("cat-file", "commit", "main")


def test_a_repository_made_by_git_flow_keeps_its_names(repo):
    repo.git("branch", "--move", "main", "master")
    for key, value in {"branch.master": "master", "prefix.hotfix": "fix-", "prefix.versiontag": ""}.items():
        repo.git("config", f"gitflow.{key}", value)
    repo.git("tag", "1.4.0", "v1.4.0")
    assert start(flow(repo), "hotfix", "1.4.1").branch == "fix-1.4.1"
    repo.commit("file", "fixed\n")
    assert finish(flow(repo), "hotfix").tag == "1.4.1"
    assert repo.git("show", "master:file") == "fixed"
