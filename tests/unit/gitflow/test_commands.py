"""What a person sees of the flow's tasks, and what a script gets."""

import json

import pytest

from aks_flow.cli import flow
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Dry
from tests.task_context import GivenTask
from tests.unit.gitflow.repository import Quick


@pytest.fixture
def task(repo, settings) -> GivenTask:
    return GivenTask(repo.path, settings, Quick())


def test_the_version_alone_is_on_standard_output(task, capsys):
    flow.version_task(task, "", explain=True, json=False)
    said = capsys.readouterr()
    assert said.out == "1.5.0-alpha.2\n"
    assert "commits since 1.4.0" in said.err


@pytest.mark.parametrize(
    ("name", "version"), [("main", "1.4.0"), ("v1.4.0", "1.4.0"), ("develop~1", "1.5.0-alpha.1")]
)
def test_any_commit_has_a_version(task, capsys, name, version):
    flow.version_task(task, name, explain=False, json=True)
    assert json.loads(capsys.readouterr().out)["version"] == version


def test_a_dirty_work_tree_marks_the_version(task, repo, capsys):
    (repo.path / "new").write_text("one\n")
    flow.version_task(task, "", explain=True, json=False)
    said = capsys.readouterr()
    assert said.out.startswith("1.5.0-alpha.2.dirty.") and "changes that are not committed" in said.err


def test_a_name_that_is_no_commit_is_an_error(task):
    with pytest.raises(AksFlowError, match="'nope' is no commit"):
        flow.version_task(task, "nope", explain=False, json=False)


def test_a_dry_run_of_a_release_says_what_it_would_do_and_changes_nothing(repo, settings):
    repo.git("branch", "release/1.5.0")
    told, refs = [], repo.git("for-each-ref")
    flow.finish_release_task(
        GivenTask(repo.path, settings, Dry(Quick(), told.append)), "1.5.0", push=False, pr=False
    )
    verbs = [command.argv[3] for command in told]
    assert verbs == ["checkout", "update-ref", "checkout", "branch"]
    assert (repo.git("for-each-ref"), repo.git("branch", "--show-current")) == (refs, "develop")


def test_status_and_notes_are_documents_too(task, capsys):
    flow.status_task(task, json=True)
    rows = json.loads(capsys.readouterr().out)
    assert [(row["branch"], row["environment"]) for row in rows] == [
        ("main", "production"),
        ("develop", "dev"),
    ]
    flow.notes_task(task, "", json=True)
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert [(change["heading"], change["text"]) for change in changes] == [
        ("Other changes", "begin the docs"),
        ("Features", "begin the app"),
    ]


def test_the_status_is_a_table_with_the_next_versions_below(task, capsys):
    flow.status_task(task, json=False)
    shown = capsys.readouterr().out
    assert "1.5.0-alpha.2" in shown and "2 commits to release" in shown
    assert shown.endswith("next release 1.5.0, next hotfix 1.4.1\n")
