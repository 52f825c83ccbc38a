"""Every fixture: the wanted lines differ, and no other byte."""

import subprocess

import pytest
import yaml

from aks_flow.manifests.yaml_edit import source
from aks_flow.manifests.yaml_edit.files import edit_files
from tests.unit.manifests.yaml_edit.cases import FIXTURES, Case, load_cases

CASES = load_cases()
LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.mark.parametrize("loader", LOADERS, ids=["pure", "libyaml"])
@each_case
def test_only_the_wanted_lines_differ(case: Case, loader, monkeypatch):
    monkeypatch.setattr(source, "LOADER", loader)
    assert case.edit(case.before) == case.expected


@each_case
def test_an_edit_done_twice_is_done_once(case: Case):
    once = case.edit(case.before)
    assert case.edit(once) == once


def test_there_are_at_least_forty_files_and_each_is_edited():
    files = {path.name for path in FIXTURES.iterdir() if path.suffix in (".yaml", ".json")}
    assert len(files) >= 40
    assert files == {case.file for case in CASES}


def test_git_counts_exactly_the_lines_of_the_scalars_changed(tmp_path):
    def git(*arguments: str) -> str:
        options = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "core.autocrlf=false"]
        done = subprocess.run(["git", *options, *arguments], cwd=tmp_path, check=True, capture_output=True)
        return done.stdout.decode()

    files = {tmp_path / f"{number}-{case.file}": case for number, case in enumerate(CASES)}
    for path, case in files.items():
        path.write_bytes((FIXTURES / case.file).read_bytes())
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "before")
    for path, case in files.items():
        edit_files([path], case.edit)
    numbers = {
        name: (added, removed)
        for added, removed, name in map(str.split, git("diff", "--numstat").splitlines())
    }
    assert numbers == {path.name: _numbers(case) for path, case in files.items()}


def _numbers(case: Case) -> tuple[str, str]:
    """What `git diff --numstat` is to say. Git knows no CR: there the whole file is one line."""
    if "\n" not in case.before:
        return "1", "1"
    ends_moved = sum(
        place == case.before.count("\n") + 1 for place in [*case.removed, *(at for at, _ in case.added)]
    )
    return (
        str(len(case.lines) + len(case.added) + ends_moved),
        str(len(case.lines) + len(case.removed) + ends_moved),
    )
