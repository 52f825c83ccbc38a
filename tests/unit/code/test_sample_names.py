"""The package knows no app: the names of the sample are the sample's configuration's alone."""

import re

import pytest

from tests.unit.code.test_names import SOURCES

PACKAGE = SOURCES / "aks_flow"
NAMES = re.compile(r"\b(front|redis|vote)\b", re.IGNORECASE)
# Words of others that happen to be the same.
NO_NAMES = {
    "adopt/images.py": ["redis"] * 3,  # Debian's packages of an image that others publish
    "adopt/pairing.py": ["redis"],  # an image that others publish
    "adopt/survey/pods.py": ["front"],  # what teams call a front end
    "manifests/checks/hosts.py": ["redis"],  # a URL's scheme
    "tools/az/extension.py": ["redis"],  # a value of Argo CD's chart
}
# What is still to be freed of them, with the lines that name one: to be emptied, never to be added to.
LEFT: dict[str, int] = {}


def named() -> dict[str, list[str]]:
    """The sample's names in the files of the package, but for the rehearsal, by file."""
    kinds = (".py", ".yaml", ".md", ".toml")
    files = [file for file in PACKAGE.rglob("*") if file.suffix in kinds and not file.is_symlink()]
    texts = {str(file.relative_to(PACKAGE)): file.read_text() for file in files}
    found = {name: NAMES.findall(text) for name, text in texts.items() if not name.startswith("rehearsal/")}
    return {name: words for name, words in found.items() if words}


def test_no_name_of_the_sample_stands_in_the_package():
    others = {name: len(words) for name, words in named().items() if NO_NAMES.get(name) != words}
    assert others == LEFT


@pytest.mark.parametrize("text", ["the Deployment front", "redis-auth", "vote-dev", 'name="Front"'])
def test_a_name_is_found_in_any_sentence(text):
    assert NAMES.search(text)


@pytest.mark.parametrize("text", ["a frontier", "votes", "rediss://x", "in_front"])
def test_another_word_is_none(text):
    assert not NAMES.search(text)
