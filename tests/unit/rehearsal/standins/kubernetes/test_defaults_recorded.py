"""What a standard server filled in, and what it left alone when it had nothing to fill in."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.kubernetes import defaults
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds

CASES = json.loads((Path(__file__).parent / "data/defaults_recorded.json").read_text())
KINDS = kinds.builtin()


def completed(item: dict) -> dict:
    item = deepcopy(item)
    kind = KINDS.by_kind(item["apiVersion"], item["kind"])
    defaults.apply(kind, item)
    defaults.admit(kind, item)
    return item


def recorded(case: dict) -> dict:
    """The recorded cluster ran without the ServiceAccount admission that standard clusters have."""
    result = deepcopy(case["result"])
    if result["kind"] == "Pod":
        result["spec"] |= {"serviceAccountName": "default", "serviceAccount": "default"}
    return result


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_an_object_is_completed_as_a_standard_server_does(case):
    result = completed(case["given"])
    if "status" not in case["result"]:
        result.pop("status", None)
    assert result == recorded(case)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_completing_an_object_again_changes_nothing(case):
    once = completed(case["given"])
    assert completed(once) == once
