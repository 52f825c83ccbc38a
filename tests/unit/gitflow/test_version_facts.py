"""The version of a commit, read from real repositories of every kind."""

import shutil

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import branch_of, version_facts
from aks_flow.gitflow.names import Names, read_names
from aks_flow.gitflow.version import derive
from tests.unit.gitflow.repository import Quick


@pytest.fixture
def released(repo):
    """release/1.5.0 left develop at its second commit and has two of its own; develop has gone on."""
    repo.git("checkout", "--quiet", "-b", "release/1.5.0")
    repo.commit("notes", "one\n", "Write the notes")
    repo.commit("notes", "two\n", "Write more notes")
    repo.git("checkout", "--quiet", "develop")
    repo.commit()
    repo.git("checkout", "--quiet", "release/1.5.0")
    return repo


def test_a_release_goes_on_counting_where_develop_was(released):
    assert released.version() == "1.5.0-rc.4"


def test_a_merge_of_the_release_back_to_develop_does_not_start_the_count_again(released):
    released.git("checkout", "--quiet", "develop")
    released.merge("release/1.5.0")
    released.git("checkout", "--quiet", "release/1.5.0")
    released.commit()
    assert released.version() == "1.5.0-rc.5"


def test_a_patch_release_does_not_make_develop_fall(repo):
    repo.git("checkout", "--quiet", "-b", "release/1.4.1")
    repo.git("checkout", "--quiet", "main")
    repo.merge("release/1.4.1")
    repo.git("tag", "v1.4.1")
    before = derive(
        version_facts.of_commit(
            Quick(), repo.path, Names(), repo.git("rev-parse", "develop"), "develop"
        ).facts
    )
    repo.git("checkout", "--quiet", "develop")
    repo.merge("main")
    after = derive(
        version_facts.of_commit(
            Quick(), repo.path, Names(), repo.git("rev-parse", "develop"), "develop"
        ).facts
    )
    assert (str(before), str(after)) == ("1.5.0-alpha.2", "1.5.0-alpha.4")


def test_the_highest_release_counts_not_the_nearest(repo):
    repo.git("tag", "v1.3.9")
    repo.commit()
    assert repo.version() == "1.5.0-alpha.3"


@pytest.mark.parametrize("tag", ["v2", "v2.0.0-rc.1", "version", "v02.0.0"])
def test_a_tag_that_is_no_release_does_not_count(repo, tag):
    repo.git("tag", tag)
    assert repo.version() == "1.5.0-alpha.2"


def test_a_worktree_has_the_version_of_its_own_branch(released):
    released.git("worktree", "add", "--quiet", released.path.parent / "beside", "develop")
    beside = type(released)(released.path.parent / "beside")
    assert (beside.version(), released.version()) == ("1.6.0-alpha.3", "1.5.0-rc.4")


@pytest.mark.parametrize("branch", ["develop", "release/1.5.0", "main"])
@pytest.mark.parametrize(
    "flags",
    [(), ("--depth=1",), ("--single-branch",), ("--no-tags",), ("--no-tags", "--single-branch"), ("--bare",)],
    ids=" ".join,
)
def test_every_kind_of_clone_gives_the_same_version(released, branch, flags):
    released.git("checkout", "--quiet", branch)
    clone = released.clone("clone", *flags, "--branch", branch)
    head, tagged = clone.git("rev-parse", "HEAD"), clone.git("tag", "--points-at", "HEAD")
    past = version_facts.of_commit(Quick(), clone.path, Names(), head, branch)
    assert str(derive(past.facts)) == released.version()
    # A tagged commit needs nothing else; some git brings the tag of --branch in spite of --no-tags.
    assert bool(past.fetched) is (bool(flags) and "--bare" not in flags and not tagged)


def test_a_clone_without_tags_says_that_it_fetched_them(released):
    clone = released.clone("clone", "--no-tags", "--branch=develop")
    past = version_facts.of_commit(Quick(), clone.path, Names(), clone.git("rev-parse", "HEAD"), "develop")
    assert past.fetched.endswith("fetched from origin") and "leaves tags out" in past.fetched
    for tag in clone.git("tag").split():
        clone.git("tag", "-d", tag)
    clone.git("config", "--unset", "remote.origin.tagOpt")
    clone.git("update-ref", "-d", "refs/remotes/origin/main")
    past = version_facts.of_commit(Quick(), clone.path, Names(), clone.git("rev-parse", "HEAD"), "develop")
    assert past.fetched == "no release was tagged here: tags were fetched from origin"
    assert "origin/main" not in clone.git("branch", "--remotes")  # tags alone: other refs are the person's
    assert str(derive(past.facts)) == "1.6.0-alpha.3"


def test_a_repository_without_a_release_goes_on_without_its_origin_and_says_so(repo):
    repo.git("tag", "-d", "v1.4.0")
    repo.git("remote", "add", "origin", repo.path.parent / "nowhere.git")
    past = version_facts.of_commit(Quick(), repo.path, Names(), repo.git("rev-parse", "HEAD"), "develop")
    assert "no release is tagged here, and origin did not answer" in past.fetched
    assert str(derive(past.facts)) == "0.1.0-alpha.3"


def test_a_repository_without_a_release_anywhere_says_just_that(repo):
    repo.git("tag", "-d", "v1.4.0")
    clone = repo.clone("clone", "--branch=develop")
    commit = clone.git("rev-parse", "HEAD")
    for _ in range(2):
        past = version_facts.of_commit(Quick(), clone.path, Names(), commit, "develop")
        assert past.fetched == "no release is tagged, here or at origin"


def test_a_shallow_clone_whose_origin_is_gone_says_what_is_missing(released):
    shallow = released.clone("shallow", "--depth=1")
    shutil.rmtree(released.path)
    with pytest.raises(AksFlowError, match="the last release is not in it.*fetch-depth: 0"):
        shallow.version()


def test_a_clone_of_the_release_alone_asks_for_develop(released):
    alone = released.clone("alone", "--single-branch", "--branch", "release/1.5.0")
    assert alone.version() == released.version()


def test_a_clone_of_the_release_alone_whose_origin_is_gone_says_what_is_missing(released):
    alone = released.clone("alone", "--single-branch", "--branch", "release/1.5.0")
    shutil.rmtree(released.path)
    with pytest.raises(AksFlowError, match="follows some branches only.*git remote set-branches origin"):
        alone.version()


def test_a_release_without_any_develop_has_the_same_version(released):
    released.git("branch", "--quiet", "-D", "develop")
    assert released.version() == "1.5.0-rc.4"


def test_a_shallow_clone_at_a_release_asks_nobody(released):
    shallow = released.clone("shallow", "--depth=1", "--branch", "v1.4.0")
    shutil.rmtree(released.path)
    assert shallow.version() == "1.4.0"


def test_a_detached_commit_is_on_the_branch_that_contains_it(released):
    released.git("checkout", "--quiet", "--detach", "release/1.5.0~1")
    assert released.version() == "1.5.0-rc.3"


def test_a_commit_that_came_by_a_merge_is_of_no_branch(repo):
    repo.git("checkout", "--quiet", "-b", "feature/x")
    tip = repo.commit("x", "one\n")
    repo.git("checkout", "--quiet", "develop")
    repo.merge("feature/x")
    repo.git("branch", "--quiet", "-D", "feature/x")
    repo.git("checkout", "--quiet", "--detach", tip)
    assert repo.version() == f"1.5.0-detached-{tip[:8]}.3"


def test_a_detached_commit_in_a_workflow_is_on_the_branch_that_was_pushed(repo, monkeypatch):
    repo.git("checkout", "--quiet", "--detach", "develop")
    workflow(monkeypatch, repo, "refs/heads/release/1.5.0")
    assert repo.version() == "1.5.0-rc.2"


def test_the_variables_of_another_repository_s_workflow_say_nothing(repo, monkeypatch):
    repo.git("checkout", "--quiet", "--detach", "develop")
    workflow(monkeypatch, repo, "refs/heads/release/1.5.0")
    monkeypatch.setenv("GITHUB_SHA", "0" * 40)
    assert repo.version() == "1.5.0-alpha.2"


@pytest.mark.parametrize("flags", [(), ("--depth=1",)])
def test_a_pull_request_s_merge_commit_has_the_version_of_what_it_would_merge(repo, monkeypatch, flags):
    repo.git("checkout", "--quiet", "-b", "feature/dark-mode")
    repo.commit("dark", "one\n")
    proposed = repo.version()
    repo.git("checkout", "--quiet", "develop")
    repo.commit()
    repo.git("checkout", "--quiet", "--detach")
    repo.merge("feature/dark-mode")
    repo.git("update-ref", "refs/pull/7/merge", "HEAD")
    clone = repo.clone("clone", *flags)
    clone.git("fetch", "--quiet", *flags, "origin", "refs/pull/7/merge")
    clone.git("checkout", "--quiet", "--detach", "FETCH_HEAD")
    workflow(monkeypatch, clone, "refs/pull/7/merge", head="feature/dark-mode", base="develop")
    assert clone.version() == proposed == "1.5.0-feature-dark-mode.3"


def test_git_flow_s_own_names_are_understood(repo):
    for key, value in {"branch.develop": "next", "prefix.release": "rel-", "prefix.versiontag": ""}.items():
        repo.git("config", f"gitflow.{key}", value)
    repo.git("tag", "2.0.0", "main")
    repo.git("branch", "--move", "develop", "next")
    assert repo.version() == "2.1.0-alpha.2"
    repo.git("checkout", "--quiet", "-b", "rel-2.1.0")
    repo.commit()
    assert repo.version() == "2.1.0-rc.3"


def workflow(monkeypatch, repo, reference, head="", base=""):
    values = {"SHA": repo.git("rev-parse", "HEAD"), "REF": reference, "HEAD_REF": head, "BASE_REF": base}
    for name, value in values.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)


def version_of(repo, branch):
    commit = repo.git("rev-parse", branch)
    return str(derive(version_facts.of_commit(Quick(), repo.path, Names(), commit, branch).facts))


MESSAGES = [
    "Merge branch 'release/1.5.0'",
    "Merge branch 'release/1.5.0' into main",
    "Merge branch 'release/1.5.0' of https://git.example.com/team/shop into main",
    "Merge remote-tracking branch 'origin/release/1.5.0'",
    "Merge release/1.5.0 into main",
    "Merge pull request #12 from team/release/1.5.0",
    "Merge pull request 'Release 1.5.0' (#12) from release/1.5.0 into main",
    "Pull request #12: Release 1.5.0",
    "Pull request #12 in SHOP/shop from release/1.5.0 to main",
    "Merged in release/1.5.0 (pull request #12)",
    "Merged PR 12: Merge release/1.5.0 to main",
    "Merged PR 12: Release 1.5.0",
    "Release/1.5.0 (#12)",
    "Release 1.5.0 (#12)",
    "release v1.5.0",
    "Hotfix 1.5.0",
]
OTHER_MESSAGES = [
    "Merge branch 'develop'",
    "Merge branch 'main' into release/1.5.0",
    "Merge pull request #12 from team/fix/release/1.5.0",
    'Revert "Release 1.5.0 (#12)"',
    "Prepare release 1.5.0",
    "Release 1.5",
    "Release 01.5.0",
    "Merge branch 'release/1.5'",
]


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("squashed", [False, True], ids=["merged", "squashed"])
def test_a_release_that_main_has_is_its_version_before_it_is_tagged(released, message, squashed):
    released.git("checkout", "--quiet", "main")
    how = ["--squash"] if squashed else ["--no-commit", "--no-ff"]
    released.git("merge", "--quiet", *how, "release/1.5.0")
    released.git("commit", "--quiet", "-m", message)
    released.git("branch", "--quiet", "-D", "release/1.5.0")
    assert version_of(released, "main") == "1.5.0"
    assert version_of(released, "develop") == "1.6.0-alpha.3"


@pytest.mark.parametrize("message", OTHER_MESSAGES)
def test_what_only_sounds_like_a_release_is_none(released, message):
    released.git("checkout", "--quiet", "main")
    released.git("commit", "--quiet", "--allow-empty", "-m", message)
    assert version_of(released, "main") == "1.4.1-main.1"


def test_a_merge_whose_message_tells_nothing_is_known_by_the_branch_that_ends_there(released):
    released.git("checkout", "--quiet", "main")
    released.git("merge", "--quiet", "--no-ff", "-m", "Ship it", "release/1.5.0")
    assert version_of(released, "main") == "1.5.0"


def test_a_fast_forward_of_main_is_known_by_the_branch_that_ends_there(released):
    released.git("checkout", "--quiet", "main")
    released.git("merge", "--quiet", "--ff-only", "release/1.5.0")
    assert version_of(released, "main") == "1.5.0"
    assert version_of(released, "release/1.5.0") == "1.5.0-rc.4"


def test_a_release_that_was_tagged_before_it_was_merged_is_the_same_release(released):
    released.git("tag", "v1.5.0", "release/1.5.0")
    released.git("checkout", "--quiet", "main")
    released.merge("release/1.5.0")
    assert version_of(released, "main") == "1.5.0"


def test_but_not_if_the_merge_brought_something_else(released):
    released.git("tag", "v1.5.0", "release/1.5.0")
    released.git("checkout", "--quiet", "main")
    released.commit("mended", "here\n")
    released.merge("release/1.5.0")
    assert version_of(released, "main") == "1.5.1-main.2"


def test_a_release_that_is_merged_again_is_not_released_again(released):
    released.git("checkout", "--quiet", "main")
    released.git("merge", "--quiet", "--no-ff", "--no-edit", "release/1.5.0")
    released.git("checkout", "--quiet", "release/1.5.0")
    released.commit("notes", "late\n")
    assert version_of(released, "release/1.5.0").startswith("1.6.0-release-1-5-0--")
    released.git("checkout", "--quiet", "main")
    released.git("merge", "--quiet", "--no-ff", "--no-edit", "release/1.5.0")
    assert version_of(released, "main") == "1.5.1-main.2"


@pytest.mark.parametrize("other", ["hotfix/1.5.0", "release/v1.5.0"])
def test_two_branches_that_are_to_become_one_version_are_named(released, other):
    released.git("branch", other)
    with pytest.raises(AksFlowError, match=f"release/1.5.0 and {other} are both to become 1.5.0. Rename"):
        released.version()


def test_tags_that_lack_the_prefix_are_named_and_not_taken(repo):
    for tag in ("1.9.0", "release-1.8.0", "v1.x", "nightly"):
        repo.git("tag", tag)
    past = version_facts.of_commit(Quick(), repo.path, Names(), repo.git("rev-parse", "HEAD"), "develop")
    assert (past.releases.ignored, past.releases.unprefixed) == (("v1.x",), ("1.9.0", "release-1.8.0"))
    assert past.remarks == ("passed over, since a release's tag begins with v: 1.9.0, release-1.8.0",)
    assert str(derive(past.facts)) == "1.5.0-alpha.2"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("heads/both", "1.5.0-both.2"),
        ("refs/heads/both", "1.5.0-both.2"),
        ("tags/both", "1.4.0"),
        ("refs/tags/both", "1.4.0"),
        ("develop", "1.5.0-alpha.2"),
        ("far", "1.5.0-far.2"),
        ("origin/far", "1.5.0-far.2"),
    ],
)
def test_a_name_means_one_commit(repo, name, version):
    repo.git("branch", "both")
    repo.git("tag", "both", "main")
    repo.git("update-ref", "refs/remotes/origin/far", "HEAD")
    found = branch_of.find(Quick(), repo.path, name)
    assert str(derive(version_facts.of_commit(Quick(), repo.path, Names(), *found).facts)) == version


def test_a_name_of_a_branch_and_of_a_tag_is_refused(repo):
    repo.git("branch", "both")
    repo.git("tag", "both", "main")
    with pytest.raises(
        AksFlowError, match="a branch and a tag are called both. Write heads/both or tags/both"
    ):
        branch_of.find(Quick(), repo.path, "both")


def test_invoke_yaml_s_names_are_the_same_in_every_clone_and_go_before_git_flow_s(repo):
    repo.git("config", "gitflow.prefix.versiontag", "release-")
    repo.git("tag", "ours-2.0.0", "main")
    names = read_names(Quick(), repo.path, {"tag": "ours-"})
    past = version_facts.of_commit(Quick(), repo.path, names, repo.git("rev-parse", "HEAD"), "develop")
    assert str(derive(past.facts)) == "2.1.0-alpha.2"
    assert read_names(Quick(), repo.path, {}).tag == "release-"
