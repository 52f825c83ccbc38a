"""Cases kept as data."""

from pathlib import Path

import pytest
import yaml

DATA = Path(__file__).parent / "data"


def cases(file: str) -> pytest.MarkDecorator:
    """Parametrize a test's ``case`` with the entries of a data file, by their names."""
    entries = yaml.safe_load((DATA / file).read_text())
    return pytest.mark.parametrize("case", entries, ids=[case["name"] for case in entries])
