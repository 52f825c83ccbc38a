"""Quantities: exact, and in the form that a server gives back."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes.schema import quantity

CASES = json.loads((Path(__file__).parent / "data/schema_quantities.json").read_text())
TEXTS = st.builds(
    "{}{}".format, st.integers(-(10**9), 10**9), st.sampled_from(["", "m", "k", "M", "Ki", "Mi", "e3"])
)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_quantity_has_one_canonical_form(text, expected):
    assert quantity.canonical(text) == expected


@pytest.mark.parametrize("text", ["", "x", "1 Mi", "1mm", "1Mi2", "--1", "1e", "."])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(ValueError):
        quantity.parse(text)


@given(TEXTS)
def test_the_canonical_form_is_worth_the_same_and_stays_as_it_is(text):
    canonical = quantity.canonical(text)
    assert quantity.parse(canonical) == quantity.parse(text)
    assert quantity.canonical(canonical) == canonical
