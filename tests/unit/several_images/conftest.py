"""Fixtures: the shop in a repository of its own."""

import pytest

from tests.unit.gitflow.conftest import alone  # noqa: F401
from tests.unit.several_images import project


@pytest.fixture
def shop(tmp_path):
    return project.make(tmp_path / "shop")
