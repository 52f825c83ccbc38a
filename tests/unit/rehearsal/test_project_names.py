"""The package knows no project by name: what is only the sample's stands in the sample's own files."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "scripts" / "aks_flow"
TEXTS = {".py", ".yaml", ".yml", ".json", ".md", ".toml", ".sh"}
# Kubernetes' own words, and the parts of Argo CD.
DATA = ("kubernetes/schema/", "azure/resources/extensions.py")
# The module redis_password is another folder's.
NAME = re.compile(
    r"(?<![a-z])(?:front|redis(?!_password)|votes?|voting)(?![a-z])|(?<![\w./-])app/", re.IGNORECASE
)


def named(folder: Path) -> Iterator[str]:
    """``file:line word`` of each name of the sample in a folder."""
    for file in sorted(folder.rglob("*")):
        where = str(file.relative_to(ROOT if file.is_relative_to(ROOT) else folder))
        if file.suffix in TEXTS and not any(part in where for part in DATA):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                yield from (f"{where}:{number} {match[0]}" for match in NAME.finditer(line))


def test_the_rehearsal_knows_no_name_of_the_sample():
    assert [*named(PACKAGE / "rehearsal")] == []


@pytest.mark.parametrize(
    "line",
    ["the front end", 'name = "front"', "redis.ensure", "vote-dev", 'Path("app/vote")', "Redis's"],
)
def test_a_name_is_found(tmp_path, line):
    (tmp_path / "a.py").write_text(f"# x\n{line}\n")
    assert [*named(tmp_path)][0].startswith("a.py:2 ")


@pytest.mark.parametrize(
    "line",
    ["frontend, frontier", "confront", "devoted", "api/app.py", "the app's", "config.app.name"],
)
def test_a_word_that_only_holds_one_is_none(tmp_path, line):
    (tmp_path / "a.py").write_text(line)
    assert [*named(tmp_path)] == []
