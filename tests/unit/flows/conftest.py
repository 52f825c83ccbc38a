"""Fixtures: the repository's own configuration as values."""

from pathlib import Path

import pytest
import yaml

from scripts.config import load

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def settings() -> dict:
    """invoke.yaml as it is in the repository: the example is load-bearing."""
    return yaml.safe_load((ROOT / "invoke.yaml").read_text())


@pytest.fixture
def config(settings, tmp_path):
    return load(settings, tmp_path)
