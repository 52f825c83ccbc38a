"""What a standard server refuses: each case changes one thing in an object that is accepted."""

import json
from base64 import b64encode
from copy import deepcopy
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.kubernetes import defaults, validation
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds

DATA = Path(__file__).parent / "data"
OBJECTS = json.loads((DATA / "validate_objects.json").read_text())
KINDS = kinds.builtin()


def cases(name: str):
    return [pytest.param(case, id=case["name"]) for case in json.loads((DATA / f"{name}.json").read_text())]


def kind_of(name: str) -> kinds.Kind:
    return KINDS.by_kind(OBJECTS[name]["apiVersion"], name)


def changed(item: dict, changes: dict) -> dict:
    """A copy with a value at each dotted path; null removes the field."""
    item = deepcopy(item)
    for path, value in changes.items():
        *steps, last = path.split(".")
        place = item
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
        place[last] = value
    return item


def completed(name: str, item: dict) -> dict:
    item = deepcopy(item)
    defaults.apply(kind_of(name), item)
    return item


@pytest.mark.parametrize("name", OBJECTS)
def test_a_good_object_is_accepted(name):
    item = completed(name, OBJECTS[name])
    assert validation.create(kind_of(name), item) == []
    assert validation.update(kind_of(name), item, item) == []


@pytest.mark.parametrize("case", cases("validate_create"))
def test_a_new_object_is_refused_for_its_fault(case):
    item = completed(case["kind"], changed(OBJECTS[case["kind"]], case["change"]))
    assert [str(cause) for cause in validation.create(kind_of(case["kind"]), item)] == case["causes"]


@pytest.mark.parametrize("case", cases("validate_update"))
def test_a_change_is_refused_for_its_fault(case):
    old = changed(OBJECTS[case["kind"]], case.get("before", {}))
    new = completed(case["kind"], changed(old, case["change"]))
    old = completed(case["kind"], old)
    assert [str(cause) for cause in validation.update(kind_of(case["kind"]), old, new)] == case["causes"]


def test_a_config_map_has_at_most_a_mebibyte():
    item = changed(OBJECTS["ConfigMap"], {"data": {"a": "x" * (1024 * 1024 + 1)}})
    causes = validation.create(kinds.CONFIG_MAP, item)
    assert [str(cause) for cause in causes] == [": Too long: may not be more than 1048576 bytes"]


def test_a_secret_may_have_a_mebibyte():
    item = changed(OBJECTS["Secret"], {"data": {"a": b64encode(b"x" * 1024 * 1024).decode()}})
    assert validation.create(kinds.SECRET, item) == []


def test_a_kind_without_rules_is_accepted():
    assert validation.create(kinds.SERVICE_ACCOUNT, {"metadata": {"name": "a"}}) == []
