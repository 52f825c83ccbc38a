"""What the flow tells: how a version came about, where branches stand, what a release brings."""

import pytest

from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow import notes, source, status, version_facts
from aks_flow.gitflow.explain import explain
from aks_flow.gitflow.finish import finish
from aks_flow.gitflow.flow import open_flow
from aks_flow.gitflow.names import Names
from aks_flow.gitflow.start import start
from aks_flow.tools.git import log
from tests.unit.gitflow.hosted_team import ENVIRONMENTS
from tests.unit.gitflow.repository import Quick


def flow(repo):
    return open_flow(Quick(), repo.path, {}, Steps(Silent()), ENVIRONMENTS)


def explained(repo):
    read = source.read(Quick(), repo.path, {})
    return explain(version_facts.of_head(Quick(), repo.path, Names(), read.commit, read.branch, {}))


def test_an_explanation_goes_from_the_commit_to_the_version(repo):
    repo.git("tag", "v1.x")
    commit, released = (repo.git("rev-parse", "--short=12", name) for name in ("HEAD", "v1.4.0^{}"))
    assert explained(repo) == [
        f"commit {commit} is on develop (it is checked out)",
        "no release, so not counted: v1.x",
        "the release before it is 1.4.0 (tag v1.4.0)",
        "develop: the minor version after that, alpha",
        f"commits since 1.4.0 ({released}): 2",
        "so it is 1.5.0-alpha.2",
    ]


@pytest.mark.parametrize(
    ("branch", "words"),
    [
        (
            "release/1.2",
            "release/1.2 names no version X.Y.Z, so it is like any other branch: the minor version",
        ),
        ("hotfix/fix-login", "hotfix/fix-login names no version X.Y.Z, so it is like any other branch: the"),
        ("release/1.5.0", "release/1.5.0 is to become 1.5.0: its own version, release candidate"),
        ("hotfix/1.4.1", "hotfix/1.4.1 is to become 1.4.1: its own version, release candidate"),
        ("feature/x", "feature/x: the minor version after that, feature-x as prerelease"),
    ],
)
def test_an_explanation_says_of_a_branch_what_was_done(repo, branch, words):
    repo.git("checkout", "--quiet", "-b", branch)
    lines = explained(repo)
    assert any(line.startswith(words) for line in lines)
    own = words.endswith("candidate")
    assert ("-rc." in lines[-1]) is own and any("candidate" in line for line in lines) is own


def test_an_explanation_names_the_release_that_the_commit_comes_before(repo):
    repo.git("branch", "release/1.5.0")
    assert "newer, and the commit comes before: 1.5.0 (release/1.5.0 is open)" in explained(repo)
    repo.commit()
    assert "the release before it is 1.5.0 (release/1.5.0 is open)" in explained(repo)


def test_a_release_and_a_shallow_clone_explain_themselves(repo):
    repo.git("checkout", "--quiet", "main")
    assert explained(repo)[-2:] == ["the commit is a release: tag v1.4.0", "so it is 1.4.0"]
    shallow = repo.clone("shallow", "--depth=1", "--branch", "develop")
    read = shallow.git("rev-parse", "HEAD")
    head = version_facts.of_head(Quick(), shallow.path, Names(), read, "develop", {})
    assert "this clone is shallow: the last release is not in it: fetched from origin" in explain(head)


def test_the_status_shows_versions_environments_and_what_waits(repo):
    start(flow(repo), "release", "1.5.0")
    repo.commit("notes", "one\n")
    repo.git("checkout", "--quiet", "main")
    repo.commit("file", "moved\n")
    repo.git("branch", "feature/x", "develop~1")
    repo.git("branch", "gitops")
    rows = status.read(flow(repo), leave_out=("gitops",))
    assert [(row.branch, row.version, row.environment) for row in rows] == [
        ("main", "1.4.1-main.1", "live"),
        ("develop", "1.5.0-alpha.2", "qa"),
        ("release/1.5.0", "1.5.0-rc.3", "preprod"),
        ("feature/x", "1.5.0-feature-x.1", ""),
    ]
    assert [row.current for row in rows] == [True, False, False, False]
    main, develop, release, feature = (row.waits for row in rows)
    assert main == ("its last commit is no release", "1 commit to merge back into develop")
    assert develop == ("2 commits to release",)
    assert release == (
        "`./inv flow.release.finish`",
        "1 commit of main to merge into it",
    )
    assert feature == ()
    assert status.upcoming(flow(repo)) == "next release 1.5.0, next hotfix 1.4.1"


def test_the_status_knows_what_origin_lacks(repo):
    clone = repo.clone("clone", "--branch", "develop")
    clone.commit()
    rows = {row.branch: row.waits for row in status.read(flow(clone))}
    assert rows["develop"] == ("3 commits to release", "1 commit to push")
    assert rows["main"] == ("at origin only",)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("feat: dark mode", ("Features", "", "dark mode", "")),
        ("fix(api): no more 500", ("Fixes", "api", "no more 500", "")),
        ("Feat(ui)!: new look", ("Features", "ui", "new look", "new look")),
        ("perf: faster\n\nBREAKING CHANGE: needs\nRedis 7\n", ("Performance", "", "faster", "needs Redis 7")),
        ("docs: more", ("Other changes", "", "more", "")),
        ("Mend the door", ("Other changes", "", "Mend the door", "")),
        ("feat:no space", ("Other changes", "", "feat:no space", "")),
        ("chore(deps)!: drop", ("Other changes", "deps", "drop", "drop")),
        ("Redis: more memory\n\nBREAKING-CHANGE: lock", ("Other changes", "", "Redis: more memory", "lock")),
        ("api(auth)!: drop", ("Other changes", "", "api(auth)!: drop", "api(auth)!: drop")),
    ],
)
def test_a_commit_s_message_says_where_it_belongs(message, expected):
    note = notes.release_note("a" * 40, message)
    assert (note.heading, note.scope, note.text, note.breaks) == expected


def test_notes_have_a_section_for_each_kind_what_breaks_first():
    messages = ["fix: b", "feat(ui)!: a", "chore: c"]
    text = notes.markdown("1.5.0", [notes.release_note("0123456789", message) for message in messages])
    assert text == (
        "## 1.5.0\n\n### Breaking changes\n\n- **ui**: a (0123456)\n\n### Features\n\n- **ui**: a (0123456)"
        "\n\n### Fixes\n\n- b (0123456)\n\n### Other changes\n\n- c (0123456)"
    )
    assert notes.markdown("1.5.0", []) == "## 1.5.0\n\nNothing has changed."


def test_a_release_s_notes_begin_at_the_release_before_it(repo):
    start(flow(repo), "release", "1.5.0")
    repo.commit("fix", "one\n", "fix(app): end well\n\nA body\nof two lines")
    finish(flow(repo), "release")
    repo.commit("later", "one\n", "feat: come later")
    assert texts(repo, "v1.5.0") == ["end well", "begin the docs", "begin the app"]
    assert texts(repo, "develop") == ["come later"]
    assert texts(repo, "v1.4.0") == ["First"]


def texts(repo, name):
    head = version_facts.of_commit(Quick(), repo.path, Names(), repo.git("rev-parse", f"{name}^{{commit}}"))
    since = version_facts.previous(Quick(), repo.path, head)
    text = Quick().run(log.messages(repo.path, since, head.facts.commit)).text
    return [note.text for note in notes.parse(text)]
