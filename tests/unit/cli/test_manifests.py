"""The manifests' tasks on files."""

import json

import pytest

from aks_flow.cli import manifests
from aks_flow.core.errors import AksFlowError

TEXT = "# kept\nspec:\n  replicas: 2   # two\n  image: front:1.0\n"


@pytest.fixture
def folder(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(TEXT)
    return tmp_path


def test_one_value_is_set_in_every_file_of_a_pattern(folder, capsys):
    manifests.set_task(None, "spec.replicas", "3", f"{folder}/*.yaml", json=False)
    assert (
        (folder / "a.yaml").read_text() == (folder / "b.yaml").read_text() == TEXT.replace("2   #", "3   #")
    )
    assert capsys.readouterr().out.splitlines() == [f"changed  {folder}/{name}.yaml" for name in ("a", "b")]


def test_setting_what_is_there_says_unchanged(folder, capsys):
    manifests.set_task(None, "spec.replicas", "2", f"{folder}/a.yaml", json=True)
    assert json.loads(capsys.readouterr().out) == [{"file": f"{folder}/a.yaml", "status": "unchanged"}]


def test_values_and_images_are_shown_with_file_and_line(folder, capsys):
    manifests.get_task(None, "spec.replicas", f"{folder}/a.yaml", json=False)
    assert capsys.readouterr().out == f"{folder}/a.yaml:3: 2\n"


def test_a_pattern_that_matches_nothing_is_an_error(folder):
    with pytest.raises(AksFlowError, match=r"no file matches.*Quote a pattern"):
        manifests.matching(f"{folder}/*.json")
