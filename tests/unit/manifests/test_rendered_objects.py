"""The objects of a rendered text, which a delivery reads again and again."""

from aks_flow.manifests import render

TEXT = "kind: A\nwhen: 2026-01-02\n---\n---\nkind: B\nspec: {names: [x]}\n"


def test_each_caller_has_objects_of_its_own():
    first, second = render.objects(TEXT), render.objects(TEXT)
    first[1]["spec"]["names"].append("y")
    assert second[1] == render.objects(TEXT)[1] == {"kind": "B", "spec": {"names": ["x"]}}


def test_empty_documents_are_none():
    assert [item["kind"] for item in render.objects(TEXT)] == ["A", "B"]
