"""Each shape of repository becomes a project by itself: what it lacks is written, what it has stays."""

from pathlib import Path

import pytest
import yaml

from aks_flow.adopt.plan import FileState
from tests.unit.adopt.repositories import SHAPES, TeamRepository, shaped
from tests.unit.rendering import rendered

EXPECTED = yaml.safe_load((Path(__file__).parent / "expected.yaml").read_text())
USUAL = {"invoke.yaml", "inv", "aks-flow.txt", ".gitignore"}
SECTIONS = ("app", "images", "environments", "contract", "smoke", "secrets", "test")


@pytest.fixture(params=sorted(EXPECTED))
def repository(request, tmp_path) -> TeamRepository:
    return shaped(tmp_path, request.param)


def test_every_shape_is_tried():
    assert EXPECTED.keys() == {folder.name for folder in SHAPES.iterdir()}


def test_what_it_lacks_is_written(repository):
    adoption = repository.adopt()
    files = [f"{file.state} {file.path}" for file in adoption.files if file.path not in USUAL]
    assert files == EXPECTED[repository.path.name]["files"]
    assert {file.path for file in adoption.files} >= USUAL


def test_its_configuration_says_what_there_is(repository):
    repository.adopt()
    data = yaml.safe_load((repository.path / "invoke.yaml").read_text())
    assert {key: data[key] for key in SECTIONS} == {
        key: EXPECTED[repository.path.name][key] for key in SECTIONS
    }


def test_what_it_has_stays(repository):
    before = repository.files()
    repository.adopt()
    after = repository.files()
    assert [name for name in before if name != ".gitignore" and after[name] != before[name]] == []
    assert after[".gitignore"].startswith(before.get(".gitignore", b""))


def test_a_second_time_there_is_nothing_to_do(repository):
    repository.adopt()
    files = repository.files()
    for _ in range(2):
        again = repository.adopt()
        assert {file.path: file.state for file in again.files if file.state is not FileState.SAME} == {}
        assert repository.files() == files
        repository.commit()


def test_what_was_removed_comes_back(repository):
    repository.adopt()
    files = repository.files()
    for name in ("inv", "aks-flow.txt", "argocd/dev.yaml"):
        for path in repository.path.rglob(name):
            path.unlink()
    repository.adopt()
    assert repository.files() == files


@pytest.mark.parametrize("shape", ["kustomize-two-images", "own-tasks"])
def test_a_new_overlay_renders_with_its_pins(tmp_path, shape):
    repository = shaped(tmp_path, shape)
    adoption = repository.adopt()
    new = [item for item in adoption.answers.environments if item.overlay != item.has]
    assert new
    for environment in new:
        text = str(rendered(repository.path / environment.overlay))
        assert all(f"registry.invalid/{image.name}:" in text for image in adoption.answers.built)
