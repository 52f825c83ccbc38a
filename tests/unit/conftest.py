"""Unit tests see the same surroundings in a terminal and in a workflow."""

import os

import pytest

from scripts.passed import VARIABLE


@pytest.fixture(autouse=True, scope="session")
def outside_of_a_workflow():
    """No run to link to, no summary to write, no configuration or notes of passed checks from outside."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GITHUB_", "INVOKE_", VARIABLE))]:
            patch.delenv(name)
        yield
