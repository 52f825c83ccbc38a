"""Branches finished by pull requests, at a GitHub that protects main and develop, with the real gh."""

import json

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import finish as by_push
from aks_flow.gitflow import status
from aks_flow.gitflow.announce import announce
from aks_flow.gitflow.by_request import finishing, merged
from aks_flow.gitflow.by_request.proposed import proposed as requests_of
from aks_flow.gitflow.start import start
from aks_flow.rehearsal.standins.github import protection
from tests.unit.gitflow.hosted_team import hosted
from tests.unit.gitflow.repository import Repository

PAGE = "https://github.localhost/rehearsal/aks-flow/releases/tag/v1.5.0"


@pytest.fixture
def team(repo, tmp_path):
    with hosted(repo, tmp_path) as made:
        yield made


@pytest.fixture
def proposed(team):
    """release/1.5.0 with a commit of its own, proposed as the first pull request."""
    start(team.flow(), "release", "1.5.0", push=True)
    team.work.commit("notes", "one\n", "fix: note it")
    done = team.finish("release")
    assert not done.done and "pull/1 is open, into main" in str(done)
    assert "flow.release.finish --version 1.5.0 --pr`" in str(done)
    return team


def test_a_release_is_proposed_with_notes_and_plan_and_changes_nothing_here(proposed):
    request = proposed.request(1)
    assert (request["title"], request["base"]["ref"]) == ("Release 1.5.0", "main")
    for words in ("## 1.5.0", "note it", "begin the app", "### The plan", "delivers to live", "--pr`"):
        assert words in request["body"]
    assert request["head"]["sha"] == proposed.work.git("rev-parse", "release/1.5.0")
    assert proposed.work.git("branch", "--show-current") == "release/1.5.0"


def test_a_second_call_waits_for_the_same_request_and_brings_what_came_since(proposed):
    tip = proposed.work.commit("notes", "two\n", "fix: note more")
    assert "pull/1 is open" in str(proposed.finish("release"))
    assert proposed.request(1)["head"]["sha"] == tip
    assert proposed.gh("pulls/2").code != 0


WAYS = [
    (method, gone, moved)
    for method in ("merge", "squash", "rebase")
    for gone, moved in ((False, False), (True, True))
]


@pytest.mark.parametrize(("method", "gone", "moved"), WAYS)
def test_what_the_merge_made_is_tagged_and_merged_back(proposed, method, gone, moved):
    """gone: the head branch was deleted, everywhere. moved: main has gone on since."""
    commit = proposed.merge(1, method)
    if gone:
        proposed.at_origin("branch", "-D", "release/1.5.0")
        proposed.work.git("checkout", "--quiet", "develop")
        proposed.work.git("branch", "-D", "release/1.5.0")
    if moved:
        _hotfix_by_others(proposed)
    waiting = proposed.finish("release", "1.5.0" if moved else "")
    assert not waiting.done and f"{commit[:12]} is tagged v1.5.0" in waiting.said
    assert proposed.at_origin("rev-parse", "v1.5.0^{commit}") == commit
    assert proposed.work.git("rev-parse", "v1.5.0^{}") == commit
    assert proposed.at_origin("cat-file", "-t", "v1.5.0") == "tag"
    back = int(str(waiting).partition("pull/")[2].partition(" ")[0])
    assert proposed.request(back)["head"]["ref"] == "back-merge/v1.5.0"
    proposed.merge(back)
    assert proposed.finish("release", "1.5.0" if moved else "").done
    proposed.work.git("fetch", "--quiet", "--prune", "origin")
    branches = proposed.at_origin("for-each-ref", "--format=%(refname:short)", "refs/heads").split()
    assert [name for name in branches if "hotfix" not in name] == ["develop", "main"]
    assert proposed.work.branches() == {"main", "develop"}
    assert proposed.work.git("rev-parse", "develop") == proposed.at_origin("rev-parse", "develop")
    assert proposed.work.version().startswith("1.6.0-alpha.")


def _hotfix_by_others(team) -> None:
    """Merged by a push that bypasses the rule, as an administrator may."""
    other = Repository(team.hub.repository).clone("other", "--branch", "main")
    other.commit("urgent", "one\n", "fix: mend at once")
    team.at_origin("fetch", "--quiet", str(other.path), "main:main")


def test_a_feature_s_one_commit_is_its_title_and_a_squash_finishes_it(team):
    start(team.flow(), "feature", "dark-mode")
    team.work.commit("dark", "one\n", "feat(ui): paint it black")
    assert "pull/1 is open, into develop" in str(team.finish("feature"))
    assert team.request(1)["title"] == "feat(ui): paint it black"
    team.merge(1, "squash")
    assert str(team.finish("feature")) == "feature/dark-mode finished"
    assert team.work.branches() == {"main", "develop"}
    assert team.at_origin("branch", "--list", "feature/*") == ""


def test_commits_after_the_merge_are_proposed_again(proposed):
    proposed.merge(1)
    proposed.work.commit("late", "one\n", "fix: come late")
    assert "pull/2 is open, into main" in str(proposed.finish("release"))
    commit = proposed.merge(2)
    proposed.finish("release")
    assert proposed.at_origin("rev-parse", "v1.5.0^{}") == commit


def test_commits_after_the_tag_are_an_error(proposed):
    proposed.merge(1)
    proposed.finish("release")
    proposed.work.commit("late", "one\n", "fix: come late")
    with pytest.raises(AksFlowError, match="the tag v1.5.0 exists and lacks commits of release/1.5.0"):
        proposed.finish("release")


def test_a_conflict_of_the_merge_back_is_left_to_a_person(team):
    start(team.flow(), "hotfix", "1.4.1", push=True)
    team.work.commit("file", "fixed\n", "fix: mend it")
    team.finish("hotfix")
    team.merge(1)
    other = Repository(team.hub.repository).clone("other", "--branch", "develop")
    other.commit("file", "developed\n", "feat: change it")
    team.at_origin("fetch", "--quiet", str(other.path), "develop:develop")
    said = str(team.finish("hotfix"))
    assert "v1.4.1 conflicts with develop in file: the pull request says how to resolve it" in said
    assert "git merge origin/develop" in team.request(2)["body"]
    assert team.gh("pulls/2/merge", "PUT").code != 0


def test_a_closed_request_is_opened_anew_and_a_squashed_merge_back_is_said(proposed):
    proposed.merge(1)
    proposed.finish("release")
    proposed.merge(2, "squash")
    done = proposed.finish("release")
    assert done.done and "develop has what v1.5.0 brings, and not its commit" in str(done)


def test_a_refused_tag_leaves_nothing_behind(proposed):
    proposed.merge(1)
    protection.protect(
        proposed.hub, {"refs/tags/*": ("GH013", "Cannot create ref due to creations being restricted.")}
    )
    before = proposed.work.git("for-each-ref", "refs/heads", "refs/tags", "refs/aks-flow")
    with pytest.raises(AksFlowError, match=r"v1.5.0 does not take this push.*GH013.*Cannot create ref"):
        proposed.finish("release")
    assert proposed.work.git("for-each-ref", "refs/heads", "refs/tags", "refs/aks-flow") == before


def test_a_push_to_protected_branches_names_the_way_by_request(proposed):
    refs = proposed.work.git("for-each-ref")
    with pytest.raises(AksFlowError, match=r"GH006.*Changes must be made through a pull request.*add --pr"):
        by_push.finish(proposed.flow(), "release", push=True)
    assert proposed.work.git("for-each-ref") == refs


def test_the_status_shows_what_is_half_way(proposed):
    proposed.merge(1)
    proposed.work.git("fetch", "--quiet", "origin")
    proposed.work.git("fetch", "--quiet", "origin", "main:main")
    rows = {row.branch: row.waits for row in status.read(proposed.flow())}
    assert "1.5.0 to tag: `./inv flow.release.finish --version 1.5.0 --pr`" in rows["main"]
    proposed.finish("release")
    proposed.work.git("fetch", "--quiet", "origin")
    rows = {row.branch: row.waits for row in status.read(proposed.flow())}
    assert not any("to tag" in wait for wait in rows["main"])
    assert any("to merge into develop" in wait for wait in rows["back-merge/v1.5.0"])


REFUSED = {
    "not signed in": ({"GH_TOKEN": ""}, "GitHub does not know this login.*Requires authentication"),
    "an unknown login": ({"GH_TOKEN": "ghp_other"}, "GitHub does not know this login.*Bad credentials"),
    "a workflow that may not": (
        {"GH_TOKEN": "ghs_rehearsal"},
        "may open no pull requests.*Settings, Actions",
    ),
    "another repository": ({"GH_REPO": "github.localhost/other/app"}, "shows no such repository.*Not Found"),
    "nobody there": ({"GH_CONFIG_DIR": "/nowhere"}, "GitHub does not answer"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_github_refuses_is_one_sentence(team, why):
    variables, words = REFUSED[why]
    start(team.flow(), "release", "1.5.0")
    team.work.commit("notes", "one\n", "fix: note it")
    team.variables.update(variables)
    with pytest.raises(AksFlowError, match=words):
        team.finish("release")


def test_a_branch_is_proposed_while_its_request_into_a_checked_branch_is_open(team):
    start(team.flow(), "feature", "dark-mode")
    team.work.commit("dark", "one\n", "feat(ui): paint it black")
    assert proposed_requests(team) == []
    team.finish("feature")
    assert [(request.number, request.base) for request in proposed_requests(team)] == [(1, "develop")]
    assert proposed_requests(team, "release/*") == []  # into another branch nothing checks it
    team.merge(1)
    assert proposed_requests(team) == []


def proposed_requests(team, base: str = "develop") -> list:
    return requests_of(team.flow(), "feature/dark-mode", [base])


def test_a_merge_is_gone_on_with_and_the_release_gets_its_page(proposed):
    """As a workflow does it: with nothing but the name of the branch that was merged."""
    proposed.merge(1)
    flow = proposed.flow()
    waiting = merged.go_on(flow, "release/1.5.0")
    assert not waiting.done and proposed.request(2)["head"]["ref"] == "back-merge/v1.5.0"
    assert merged.tag_of(flow, "back-merge/v1.5.0") == merged.tag_of(flow, "release/1.5.0") == "v1.5.0"
    assert announce(flow, "v1.5.0", "what is new") == f"v1.5.0: {PAGE}"
    assert announce(flow, "v1.5.0", "what is new") == f"v1.5.0: unchanged, {PAGE} is there"
    assert json.loads(proposed.gh("releases/tags/v1.5.0").text)["body"] == "what is new"
    proposed.merge(2)
    assert merged.go_on(flow, "back-merge/v1.5.0").done


def test_a_request_that_somebody_else_opens_at_the_same_moment_is_the_one_that_is_waited_for(team):
    start(team.flow(), "release", "1.5.0", push=True)
    team.work.commit("notes", "one\n", "fix: note it")
    flow = team.overtaken("--method=POST", lambda: team.colleague().finish("release"))
    assert "pull/1 is open, into main" in str(finishing.finish(flow, "release", ""))
    assert team.gh("pulls/2").code != 0


def test_a_tag_that_somebody_else_pushes_at_the_same_moment_is_the_release_s(proposed):
    commit = proposed.merge(1)
    flow = proposed.overtaken(
        " push ", lambda: proposed.at_origin("tag", "-a", "-m", "Theirs", "v1.5.0", commit)
    )
    assert "pull/2 is open, into develop" in str(finishing.finish(flow, "release", ""))
    assert proposed.work.git("for-each-ref", "--format=%(subject)", "refs/tags/v1.5.0") == "Theirs"


def test_a_page_that_somebody_else_makes_at_the_same_moment_is_left(proposed):
    proposed.merge(1)
    proposed.finish("release")
    flow = proposed.overtaken("release create", lambda: announce(proposed.flow(), "v1.5.0", "theirs"))
    assert announce(flow, "v1.5.0", "ours") == f"v1.5.0: unchanged, {PAGE} is there"
    assert json.loads(proposed.gh("releases/tags/v1.5.0").text)["body"] == "theirs"


def test_of_other_branches_nothing_is_finished(team):
    done = merged.go_on(team.flow(), "dependabot/uv/rich-15")
    assert done.done and merged.tag_of(team.flow(), "dependabot/uv/rich-15") == ""


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ("v9.9.9", "GitHub refused: .*v9.9.9.*"),
        ("v1.5.0-rc.1", "the tag of no release"),
        ("1.5.0", "the tag of no release"),
    ],
)
def test_what_is_no_release_gets_no_page(team, tag, says):
    with pytest.raises(AksFlowError, match=says):
        announce(team.flow(), tag, "what is new")


@pytest.mark.parametrize(("kind", "name"), [("release", "1.5.0"), ("hotfix", "1.4.1")])
def test_a_release_without_commits_of_its_own_is_told_as_much(team, kind, name):
    team.at_origin("branch", "--force", "develop", "main")
    team.work.git("reset", "--quiet", "--hard", "main")
    start(team.flow(), kind, name)
    with pytest.raises(AksFlowError, match=f"{kind}/{name} has no commit that v1.4.0 lacks.*Commit what it"):
        team.finish(kind)


def test_a_feature_without_commits_of_its_own_says_that_nothing_is_proposed(team):
    start(team.flow(), "feature", "dark-mode")
    assert team.finish("feature").said == (
        "develop has all of feature/dark-mode: there is nothing to propose",
        "feature/dark-mode finished",
    )


@pytest.mark.parametrize("is_merged", [False, True])
def test_a_colleague_s_commits_that_are_not_here_are_not_removed(team, is_merged):
    start(team.flow(), "feature", "dark-mode", push=True)
    if is_merged:
        team.work.commit("dark", "one\n", "feat: paint it black")
        team.finish("feature")
        team.merge(1)
    commit_by_others(team)
    with pytest.raises(AksFlowError, match="feature/dark-mode has moved: origin has 1 commit"):
        team.finish("feature")
    assert "paint more" in team.at_origin("log", "-1", "--format=%s", "feature/dark-mode")


def test_a_branch_that_somebody_commits_to_at_the_same_moment_is_not_removed(team):
    start(team.flow(), "feature", "dark-mode", push=True)
    flow = team.overtaken(" push ", lambda: commit_by_others(team))
    assert "origin keeps feature/dark-mode" in str(finishing.finish(flow, "feature", ""))
    assert "paint more" in team.at_origin("log", "-1", "--format=%s", "feature/dark-mode")


def commit_by_others(team) -> None:
    """To feature/dark-mode, at origin."""
    other = Repository(team.hub.repository).clone("other", "--branch", "feature/dark-mode")
    other.commit("more", "one\n", "feat: paint more")
    other.git("push", "--quiet", "origin", "feature/dark-mode")
