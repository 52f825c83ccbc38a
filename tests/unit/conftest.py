"""Unit tests see the same surroundings in a terminal and in a workflow."""

import os
import sys
from pathlib import Path

import pytest
import yaml

from aks_flow.cli.check_cache import VARIABLE
from aks_flow.core.config.load import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True, scope="session")
def outside_of_a_workflow():
    """No run to link to, no summary to write, no configuration or notes of passed checks from outside."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GITHUB_", "INVOKE_", VARIABLE))]:
            patch.delenv(name)
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # as ./inv sets it
        yield


@pytest.fixture
def settings() -> dict:
    """invoke.yaml as it is in the repository: the example is load-bearing."""
    return yaml.safe_load((ROOT / "invoke.yaml").read_text())


@pytest.fixture
def config(settings, tmp_path):
    return load(settings, tmp_path)
