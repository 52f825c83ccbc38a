"""Each default that the recordings do not show, by example; none of them stumbles over a wrong shape."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes import defaults
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds, versions

CASES = json.loads((Path(__file__).parent / "data/defaults_rules.json").read_text())
BY_NAME = {kind.kind: kind for kind in kinds.BUILTIN if versions.hub(kind) == kind}


def at(item: object, path: str) -> object:
    for step in filter(None, path.split(".")):
        item = item[int(step)] if isinstance(item, list) else item[step]
    return item


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_a_default_is_filled_in(case):
    item = deepcopy(case["given"])
    defaults.apply(BY_NAME[case["kind"]], item)
    defaults.admit(BY_NAME[case["kind"]], item)
    assert at(item, case["path"]) == case["result"]


NULLS = st.recursive(
    st.none(),
    lambda inner: st.dictionaries(st.sampled_from(["spec", "template", "strategy", "ports"]), inner),
)


@given(st.sampled_from(kinds.BUILTIN), NULLS.filter(lambda item: isinstance(item, dict)))
def test_an_object_full_of_nulls_is_completed_like_an_empty_one(kind, item):
    item["metadata"] = {}
    defaults.apply(kind, item)
    defaults.admit(kind, item)
    once = deepcopy(item)
    defaults.apply(kind, item)
    defaults.admit(kind, item)
    assert item == once
