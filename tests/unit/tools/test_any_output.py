"""Any output of any program is a value, or ends in a sentence, in bounded time and memory."""

import inspect
import json
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from tests.conftest import FIGURE
from tests.unit.tools.readers import READERS, SAMPLES

EXAMPLES = 150
WITHIN = 5  # seconds of CPU for a large output: a reader whose time grows squared takes minutes
MOST = 200_000_000  # bytes at a time


def read(name: str, text: str) -> None:
    """Give a reader a text in the form that it takes; any error but a sentence is raised."""
    function = READERS[name]
    first = next(iter(inspect.signature(function).parameters.values())).annotation
    data = text.encode("utf-8", "replace")
    form = Result(0, data, data) if first is Result else data if first is bytes else text
    try:
        function(text.splitlines() if name == "act.parse" else form)
    except AksFlowError as error:
        assert error.next_step and len(str(error)) < 1000 and str(error).isprintable()


KEYS = sorted({key for sample in SAMPLES for key in sample})
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(KEYS)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)
WORDS = [
    *("\0", "\n", "\t", " ", "{", "}", ":", ",", '"', "null", "2 ", "1 ", "a" * 40, "tree", "missing"),
    *("refs/heads/", "100644 blob ", "# branch.", "Error from server (", 'status="'),
    "GH013: x failed for refs/a.\n",
]


@st.composite
def damaged(draw) -> str:
    """A true answer with one of its values replaced by another, at any depth."""
    sample = json.loads(json.dumps(draw(st.sampled_from(SAMPLES))))
    place = whole = {"": sample}
    key = ""
    while isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
        place = place[key]
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = draw(LEAVES | DOCUMENTS)
    return json.dumps(whole[""])


OUTPUTS = (
    st.text(max_size=60)
    | st.lists(st.sampled_from(WORDS), max_size=15).map("".join)
    | DOCUMENTS.map(json.dumps)
    | damaged()
    | st.lists(damaged(), max_size=2).map("[{}]".format)
)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=EXAMPLES)
@given(text=OUTPUTS)
def test_any_output_is_a_value_or_a_sentence(name, text):
    read(name, text)


LARGE = {
    "nested lists": "[" * 100_000,
    "nested objects": '{"a":' * 50_000,
    "lines": "\n" * 200_000,
    "lines of two words": "a b\n" * 100_000,
    "one word": "a" * 1_000_000,
    "NULs": "\0" * 200_000,
    "blanks": " " * 500_000,
    "entries of a tree": "100644 blob " * 50_000,
    "a number of 5000 digits": "1" * 5000,
    "steps of a job": '{"job": "a", "stage": "Main", "step": "s", "raw_output": true, "msg": "'
    + "b" * 100
    + '"}\n',
}
LARGE["steps of a job"] *= 20_000


def test_a_large_output_takes_a_bounded_time_and_memory(record_property):
    slowest = 0.0
    tracemalloc.start()
    for name in READERS:
        for text in LARGE.values():
            began = time.process_time()
            read(name, text)
            slowest = max(slowest, time.process_time() - began)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    figure = (
        f"readers: {len(READERS)}, {EXAMPLES} outputs each; the slowest large one took {slowest:.1f} s of CPU"
    )
    record_property(FIGURE, f"{figure} and {peak / 1e6:.0f} MB")
    assert slowest < WITHIN and peak < MOST
