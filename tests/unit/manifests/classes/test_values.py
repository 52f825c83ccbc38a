"""Values set and read: a table of cases, each of a class of input."""

import pytest

from aks_flow.manifests.yaml_edit.fields import get
from aks_flow.manifests.yaml_edit.spelling import ScalarKind
from aks_flow.manifests.yaml_edit.words import set_word
from tests.unit.manifests.classes.table import cases, refused


@pytest.mark.parametrize("case", cases("values.toml"))
def test_a_word_becomes_a_value_of_the_kind_that_stands_there(case):
    def edit(text: str) -> str:
        kind = ScalarKind(case["type"]) if "type" in case else None
        return set_word(text, case["path"], case["word"], kind, where="m.yaml")

    if "says" in case:
        refused(case, lambda: edit(case["text"]))
    else:
        assert edit(case["text"]) == case["result"]
        assert edit(case["result"]) == case["result"]


@pytest.mark.parametrize("case", cases("reads.toml"))
def test_a_path_reads(case):
    if "says" in case:
        refused(case, lambda: get(case["text"], case["path"], where="m.yaml"))
    else:
        assert [value for value, _ in get(case["text"], case["path"])] == case["values"]
