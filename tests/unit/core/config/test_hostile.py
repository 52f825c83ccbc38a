"""Hostile values in every key of the configuration: refused with the key's path, or harmless there.

Harmless is what is no option, no second line, nothing for a terminal, and no program of git's own choice.
"""

import copy
import re
from collections.abc import Iterator

import pytest

from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from tests.conftest import FIGURE

OPTIONS = ("--upload-pack=touch /tmp/taken", "-oProxyCommand=id", "--kubeconfig=/tmp/x", "-", "--")
LINES = (
    "a\nb",
    "a\n::stop-commands::x",
    "a\rb",
    "a\0b",
    "\x1b[31mred",
    "a\x07",
    "\x9b31m",
    "a\u202eb",
    "a\u2028b",
)
PROGRAMS = ("ext::sh -c id", "fd::17", "ssh://-oProxyCommand=id/x", "-oProxyCommand=id@host:x", "https://-x/")
SHELL = ("$(id)", "`id`", "a;id", "a|id", "a b\tc", "~root/.ssh", "%2e%2e/x", "")
WAYS_OUT = ("../../etc/passwd", "/etc/passwd", "a/../../b", "..", ".")
LARGE = ("a" * 100_000, "/" * 10_000, "*" * 500, "[" * 10_000)
MARKUP = ("[red]x[/red]", "[/]", "<script>", "](http://evil.example)", "##[error]x", "::warning::x")
HOSTILE = (*OPTIONS, *LINES, *PROGRAMS, *SHELL, *WAYS_OUT, *LARGE, *MARKUP)

# A person's own commands, with every program and option, are what these keys are for.
OWN_COMMANDS = r"^(test|lint)\b|^app\.render\.command\b"
# Texts that are compared, shown safely or looked up; no program gets them as a word of its own.
FREE_TEXTS = (
    r"^contract\.version\.key$",
    r"^secrets\.[^.]+\.keys\b",
    r"^smoke\[\d+\]\.text$",
    r"\.args\.",
    r"^rehearsal\.change\.",
)
FREE = re.compile("|".join((OWN_COMMANDS, *FREE_TEXTS)))


def leaves(data, path: str = "") -> Iterator[tuple[str, tuple]]:
    """(path as an error names it, keys that lead there) of every text in the configuration."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        place = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}" if path else str(key)
        if isinstance(value, str):
            yield place, (key,)
        for below, keys in leaves(value, place):
            yield below, (key, *keys)


def changed(settings: dict, keys: tuple, value) -> dict:
    copied = copy.deepcopy(settings)
    inner = copied
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    return copied


def is_harmless(path: str, value: str) -> bool:
    starts = path.endswith("repository") and value in PROGRAMS
    return not (value.startswith("-") or re.search(r"[\x00-\x1f\x7f-\x9f]", value) or starts)


def test_a_hostile_value_is_refused_with_its_path_or_harmless(settings, tmp_path, record_property):
    tried = refused = 0
    taken = []
    for path, keys in leaves(settings):
        for value in HOSTILE:
            tried += 1
            try:
                load(changed(settings, keys, value), tmp_path)
            except AksFlowError as fault:
                refused += 1
                assert fault.next_step and len(str(fault)) < 200_000
                continue
            if not FREE.search(path) and not is_harmless(path, value):
                taken.append(f"{path} takes {value[:60]!r}")
    assert taken == []
    record_property(FIGURE, f"configuration: {tried} hostile values tried, {refused} refused")
    assert tried > 1000


STRANGE = (None, 7, -1, 10**400, 1.5, True, [], {}, [["x"]], {"x": {}}, "x" * 10)


def test_a_value_of_another_type_is_a_sentence(settings, tmp_path):
    for path, keys in leaves(settings):
        for at in range(1, len(keys) + 1):
            for value in STRANGE:
                try:
                    load(changed(settings, keys[:at], value), tmp_path)
                except AksFlowError as error:
                    assert error.next_step, path


NAMES = [name for name in HOSTILE if "\0" not in name and len(name) < 1000]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_key_is_named_or_harmless(settings, tmp_path, name):
    for section in ("environments", "targets", "secrets", "images", "test"):
        if not isinstance(settings.get(section), dict) or not settings[section]:
            continue
        some = next(iter(settings[section].values()))
        data = changed(settings, (section, name), some)
        try:
            load(data, tmp_path)
        except AksFlowError as error:
            assert error.next_step
        else:
            assert is_harmless(section, name), f"{section} takes the name {name!r}"
