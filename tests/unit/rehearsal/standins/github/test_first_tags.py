"""The rehearsal's GitHub has a project's earlier releases, from which its workflows count versions."""

from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.github.github_process import make_with_tags
from tests.unit.gitflow.conftest import alone  # noqa: F401
from tests.unit.gitflow.repository import Quick, Repository


@pytest.fixture
def project(tmp_path, alone) -> Repository:  # noqa: F811
    work = Repository(tmp_path / "project")
    work.path.mkdir()
    work.git("init", "--quiet", "--initial-branch=main")
    work.commit()
    work.git("tag", "v1.2.0")
    work.git("tag", "--annotate", "--message", "1.3.0", "v1.3.0")
    return work


def made(project: Repository) -> Repository:
    folder = project.path.parent / "origin.git"
    make_with_tags(Quick(), folder, project.path)
    return Repository(folder)


def test_a_branch_that_is_pushed_without_tags_has_the_version_that_it_has_here(project):
    project.git("checkout", "--quiet", "-b", "develop")
    project.commit()
    remote = made(project)
    project.git("push", "--quiet", remote.path, "develop")
    assert remote.clone("job", "--branch=develop").version() == project.version() == "1.4.0-alpha.1"


def test_one_that_is_there_gets_no_tags_of_later(project):
    """Pushing them is what starts workflows."""
    remote = made(project)
    project.git("tag", "v1.4.0")
    made(project)
    assert remote.git("tag").split() == ["v1.2.0", "v1.3.0"]


def test_a_project_without_releases_has_an_empty_one(project):
    project.git("tag", "--delete", "v1.2.0", "v1.3.0")
    assert made(project).git("for-each-ref") == ""


def test_a_folder_that_is_no_repository_too(tmp_path: Path):
    make_with_tags(Quick(), tmp_path / "origin.git", tmp_path)
    assert Repository(tmp_path / "origin.git").git("for-each-ref") == ""
