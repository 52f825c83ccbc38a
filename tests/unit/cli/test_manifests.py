"""The manifests' tasks on files."""

import json

import pytest

from aks_flow.cli import manifests
from aks_flow.core.errors import AksFlowError
from tests.task_context import GivenTask

TEXT = "# kept\nspec:\n  replicas: 2   # two\n  image: front:1.0\n"


@pytest.fixture
def folder(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(TEXT)
    return tmp_path


def test_one_value_is_set_in_every_file_of_a_pattern(folder, capsys):
    manifests.set_task(GivenTask(folder), "spec.replicas", "3", f"{folder}/*.yaml", "", json=False)
    assert (
        (folder / "a.yaml").read_text() == (folder / "b.yaml").read_text() == TEXT.replace("2   #", "3   #")
    )
    assert capsys.readouterr().out.splitlines() == [f"changed  {folder}/{name}.yaml" for name in ("a", "b")]


def test_setting_what_is_there_says_unchanged(folder, capsys):
    manifests.set_task(GivenTask(folder), "spec.replicas", "2", f"{folder}/a.yaml", "", json=True)
    assert json.loads(capsys.readouterr().out) == [{"file": f"{folder}/a.yaml", "status": "unchanged"}]


def test_values_and_images_are_shown_with_file_and_line(folder, capsys):
    manifests.get_task(None, "spec.replicas", f"{folder}/a.yaml", json=False)
    assert capsys.readouterr().out == f"{folder}/a.yaml:3: 2\n"


def test_a_pattern_that_matches_nothing_is_an_error(folder):
    with pytest.raises(AksFlowError, match=r"no file matches.*Quote a pattern"):
        manifests.matching(f"{folder}/*.json")


def test_a_dry_run_says_what_would_change_and_writes_nothing(folder, capsys):
    task = GivenTask(folder, {"run": {"dry": True}})
    manifests.set_task(task, "spec.replicas", "3", f"{folder}/a.yaml", "", json=False)
    assert capsys.readouterr().out == f"would be changed  {folder}/a.yaml\n"
    assert (folder / "a.yaml").read_text() == TEXT


def test_a_type_is_one_that_there_is(folder):
    with pytest.raises(
        AksFlowError, match="^--type: there is no type 'int'. Use text, integer, number, boolean, null"
    ):
        manifests.set_task(GivenTask(folder), "spec.replicas", "3", f"{folder}/a.yaml", "int", json=False)
    manifests.set_task(GivenTask(folder), "spec.replicas", "3", f"{folder}/a.yaml", "text", json=False)
    assert 'replicas: "3"   #' in (folder / "a.yaml").read_text()


# Names that a pattern could be mistaken for, in folders that a shell or a chart makes.
NAMES = ("deploy[1]", "a*b", "x.yaml", "what?")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_in_a_folder_of_any_name_is_meant_by_its_path_and_by_a_pattern_in_it(tmp_path, name):
    inner = tmp_path / name
    inner.mkdir()
    (inner / "m.yaml").write_text(TEXT)
    assert manifests.matching(f"{inner}/m.yaml") == [f"{inner}/m.yaml"]
    assert manifests.matching(f"{inner}/*.yaml") == [f"{inner}/m.yaml"]
    assert manifests.matching(f"{inner}/**/*.yaml") == [f"{inner}/m.yaml"]


def test_a_folder_that_a_pattern_matches_is_no_manifest(folder):
    (folder / "chart.yaml").mkdir()
    assert manifests.matching(f"{folder}/*.yaml") == [f"{folder}/a.yaml", f"{folder}/b.yaml"]


def test_a_name_without_a_pattern_that_is_not_there_is_named(folder):
    with pytest.raises(AksFlowError, match="none.yaml: cannot be read: No such file or directory"):
        manifests.get_task(None, "spec.replicas", f"{folder}/none.yaml", json=False)


def test_what_looks_like_an_image_is_listed_as_that(folder, capsys):
    (folder / "c.yaml").write_text("image: {tag: v1}\n")
    manifests.images_task(None, f"{folder}/c.yaml", json=True)
    [row] = json.loads(capsys.readouterr().out)
    assert (row["written"], row["image"], row["standing"]) == (
        "v1",
        None,
        "looks like an image and is not understood",
    )


def test_a_file_that_mentions_no_image_is_said_to(folder, capsys):
    (folder / "c.yaml").write_text("replicas: 1\n")
    manifests.images_task(None, f"{folder}/c.yaml", json=False)
    assert capsys.readouterr().out == f"{folder}/c.yaml: no image is mentioned\n"


def test_a_bad_mention_and_a_bad_file_hide_nothing_and_fail(folder, capsys):
    (folder / "b.yaml").write_text("image: Front:1\n")
    (folder / "c.yaml").write_text("a: [\n")
    (folder / "d.yaml").write_text("image: redis:7\n")
    with pytest.raises(
        AksFlowError, match="2 errors:\n.*c.yaml:2: not YAML.*\n.*b.yaml:1: `Front:1` is not an image ref"
    ):
        manifests.images_task(None, f"{folder}/*.yaml", json=False)
    shown = capsys.readouterr().out.splitlines()
    assert [line.removeprefix(f"{folder}/") for line in shown] == [
        "a.yaml:4: front:1.0",
        "b.yaml:1: Front:1: is not an image reference",
        "d.yaml:1: redis:7",
    ]


def test_a_file_without_the_value_hides_no_other_and_fails(folder, capsys):
    (folder / "b.yaml").write_text("spec: {}\n")
    with pytest.raises(AksFlowError, match="b.yaml:1: nothing is at `spec.replicas`"):
        manifests.get_task(None, "spec.replicas", f"{folder}/*.yaml", json=False)
    assert capsys.readouterr().out == f"{folder}/a.yaml:3: 2\n"
