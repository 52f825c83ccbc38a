"""YAML of others: the values that PyYAML gives, or a sentence; never a traceback, and in bounded time."""

import subprocess
import sys

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aks_flow.core.yaml_text import DEEPEST, NotYaml, load, load_all

BOMB = "a: &a [x, x]\n" + "".join(
    f"b{n}: &b{n} [*{p}, *{p}]\n" for n, p in enumerate(["a", *(f"b{n}" for n in range(30))])
)
REFUSED = {
    "no YAML": ("a: [", "line 2"),
    "a 13th month": ("2001-13-01", "month"),
    "a timestamp that is none": ("!!timestamp x", "cannot|NoneType"),
    "an integer of 5000 digits": ("1" * 5000, "digits"),
    "an integer that is empty": ('!!int ""', "index"),
    "a type of Python's": ("!!python/object/apply:os.system [id]", "could not determine"),
    "lists": ("[" * 100_000, "deep"),
    "closed lists": ("[" * 900 + "]" * 900, "deep"),
    "objects": ("{a: " * 50_000, "deep"),
    "blocks": ("".join(" " * depth + "a:\n" for depth in range(900)), "deep"),
    "lists in one line": ("- " * 20_000 + "a", "deep"),
    "keys of keys": ("? " * 20_000, "deep"),
    "a list of itself": ("&a [*a]", "itself"),
    "aliases of aliases": (BOMB, "aliases"),
    "a control character": ("a: \0", "not allowed"),
    "not UTF-8": (b"a: \xff", "utf-8"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_yaml_of_sense_ends_in_a_sentence(text, words):
    with pytest.raises(NotYaml, match=words) as refused:
        load(text, "hold.yaml")
    assert str(refused.value).startswith("hold.yaml: this is not YAML (") and len(str(refused.value)) < 700


def test_brackets_end_no_process():
    """A process of its own: what is tested for would end this one."""
    attempt = "try: load('[' * 100_000)\nexcept NotYaml: print('ok')"
    program = f"from aks_flow.core.yaml_text import load, NotYaml\n{attempt}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={"PYTHONPATH": "scripts"}
    )
    assert done.stdout == "ok\n", done


def test_what_is_nested_as_deep_as_it_may_be_is_loaded():
    value = load("[" * DEEPEST + "]" * DEEPEST)
    for _ in range(DEEPEST - 1):
        (value,) = value
    assert value == []


def test_brackets_in_a_text_are_no_levels():
    assert load("a: |\n" + "  [[[[[[[[\n" * 1000)["a"].startswith("[[[[[[[[")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc&*", max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_a_value_comes_back_as_it_was_written(value):
    assert load(yaml.safe_dump(value)) == value
    assert load_all(yaml.safe_dump_all([value, value])) == [value, value]


WORDS = [
    *("a", ":", " ", "\n", "\t", "- ", "? ", "[", "]", "{", "}", ",", "'", '"', "|", ">", "#", "é", "\\"),
    *("&a ", "*a", "<<: ", "!!int ", "!!timestamp ", "!!binary ", "---\n", "...", "%YAML 9.9\n"),
    *("1e5", "0x", "2001-01-01"),
]


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(WORDS), max_size=20).map("".join))
def test_any_text_is_values_or_a_sentence(text):
    for read in (load, load_all):
        try:
            read(text)
        except NotYaml as error:
            assert error.next_step
