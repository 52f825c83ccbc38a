"""What is refused, and the sentence that says so."""

import tomllib

import pytest
import yaml

from aks_flow.manifests.yaml_edit import source
from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.fields import get, set_scalar
from tests.unit.manifests.yaml_edit.cases import FIXTURES, call

CASES = tomllib.loads((FIXTURES / "refusals.toml").read_text("utf-8"))["case"]
LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]
BROKEN = {
    "a: b\n a: c\n": (2, 3),
    "a: b\n\tc: d\n": (2, 1),
    "a: [\n": (2, 1),
    "a: b\n- c\n": (2, 1),
    "a: 'open\n": (2, 1),
    "[a, b\n--- x\n": (2, 1),
}


@pytest.fixture(params=LOADERS, ids=["pure", "libyaml"])
def loader(request, monkeypatch):
    monkeypatch.setattr(source, "LOADER", request.param)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_error_names_file_line_and_what_was_looked_for(loader, case):
    with pytest.raises(EditError) as caught:
        call(case["call"], case["args"], case["text"], "m.yaml")
    assert str(caught.value) == case["error"]


@pytest.mark.parametrize("text", BROKEN)
def test_text_that_is_not_yaml_is_refused_with_line_and_column(loader, text):
    line, column = BROKEN[text]
    with pytest.raises(EditError, match=rf"^m.yaml:{line}: not YAML at column {column}: "):
        set_scalar(text, "a", "x", where="m.yaml")


def test_nesting_without_end_is_refused(loader):
    with pytest.raises(EditError, match="nested deeper than 200 levels"):
        set_scalar("a: " + "[" * 500 + "]" * 500, "a", "x", where="m.yaml")


def test_a_collection_is_not_a_value_to_get():
    with pytest.raises(EditError, match="^line 1: `a` is a sequence, not a single value"):
        get("a: [1]\n", "a")


def test_an_edit_whose_result_reads_otherwise_is_refused(monkeypatch):
    monkeypatch.setattr("aks_flow.manifests.yaml_edit.scalars.may_stand_plain", lambda text, in_flow: True)
    with pytest.raises(EditError, match="^m.yaml:1: the edit would change more than the value asked for"):
        set_scalar("a: x\n", "a", "y # z", where="m.yaml")
