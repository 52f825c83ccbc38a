"""What scripts/dev generates is written where the project has it."""

from pathlib import Path

import pytest

from dev import extract_ownership, extract_recordings, generate_schema, generate_structure, picture

TARGETS = (
    extract_ownership.TARGET,
    extract_recordings.DESTINATION,
    generate_schema.TARGET,
    generate_structure.TARGET,
    picture.TARGET,
)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_generator_writes_over_what_is_there(target: Path):
    assert target.exists()
