"""Each shape of repository becomes a project by itself: what it lacks is written, what it has stays."""

from pathlib import Path

import pytest
import yaml

from aks_flow.adopt.plan import FileState
from aks_flow.cli.manifest_findings import find
from aks_flow.core.config.load import load
from aks_flow.manifests.checks.findings import POLICY
from tests.unit.adopt.repositories import SHAPES, WithHelm, adopted, adoption, shaped
from tests.unit.rendering import rendered

EXPECTED = yaml.safe_load((Path(__file__).parent / "expected.yaml").read_text())
USUAL = {"invoke.yaml", "inv", "aks-flow.txt", ".gitignore"}
SECTIONS = ("app", "images", "environments", "contract", "smoke", "secrets", "checks", "lint", "test")


@pytest.fixture(params=sorted(EXPECTED))
def shape(request) -> str:
    return request.param


def test_every_shape_is_tried():
    assert EXPECTED.keys() == {folder.name for folder in SHAPES.iterdir()}


def test_what_it_lacks_is_written(shape):
    files = [f"{file.state} {file.path}" for file in adoption(shape).files if file.path not in USUAL]
    assert files == EXPECTED[shape]["files"]
    assert {file.path for file in adoption(shape).files} >= USUAL


def test_its_configuration_says_what_there_is(tmp_path, shape):
    data = yaml.safe_load(adopted(tmp_path, shape).files()["invoke.yaml"])
    assert {key: data[key] for key in SECTIONS} == {key: EXPECTED[shape][key] for key in SECTIONS}


def test_nothing_of_the_samples_is_left_in_it(tmp_path, shape):
    assert yaml.safe_load(adopted(tmp_path, shape).files()["invoke.yaml"])["rehearsal"]["away"] == ""


def test_its_first_check_asks_for_no_more_than_its_pods_keep(tmp_path, shape):
    """Or CI would be red before anything was changed."""
    path = adopted(tmp_path, shape).path
    rows = find(WithHelm(), load(yaml.safe_load((path / "invoke.yaml").read_text()), path))
    assert [str(row) for row in rows if row.kind == POLICY] == []


def test_what_it_has_stays(tmp_path, shape):
    before, after = shaped(tmp_path, shape, "before").files(), adopted(tmp_path, shape).files()
    assert [name for name in before if name != ".gitignore" and after[name] != before[name]] == []
    assert after[".gitignore"].startswith(before.get(".gitignore", b""))


def test_a_second_time_there_is_nothing_to_do(tmp_path, shape):
    repository = adopted(tmp_path, shape)
    repository.commit()
    assert {
        file.path: file.state for file in repository.plan().files if file.state is not FileState.SAME
    } == {}


def test_what_was_removed_comes_back(tmp_path, shape):
    repository = adopted(tmp_path, shape)
    files = repository.files()
    for name in ("inv", "aks-flow.txt", "argocd/dev.yaml"):
        for path in repository.path.rglob(name):
            path.unlink()
    repository.adopt()
    assert repository.files() == files


@pytest.mark.parametrize("shape", ["kustomize-two-images", "own-tasks"])
def test_a_new_overlay_renders_with_its_pins(tmp_path, shape):
    repository, answers = adopted(tmp_path, shape), adoption(shape).answers
    new = [item for item in answers.environments if item.overlay != item.has]
    assert new
    for environment in new:
        text = str(rendered(repository.path / environment.overlay))
        assert all(f"registry.invalid/{image.name}:" in text for image in answers.built)
