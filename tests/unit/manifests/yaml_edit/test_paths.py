"""The language of paths."""

import pytest

from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.fields import get
from aks_flow.manifests.yaml_edit.paths import parse_path

TEXT = """\
kind: List
metadata:
  name: all
  annotations: {"a.b/c": x, 'it"s': y, d e: z, 1.5: n}
items:
- {name: a, labels: {app: one}, v: [1, [2, 3]]}
- {name: b, labels: {app: two}, v: 1.10}
- {name: b, labels: {app: three}, v: ""}
"""

FOUND = {
    "metadata.name": ["all"],
    ".metadata.name": ["all"],
    'metadata["name"]': ["all"],
    'metadata.annotations["a.b/c"]': ["x"],
    "metadata.annotations['a.b/c']": ["x"],
    'metadata.annotations."a.b/c"': ["x"],
    'metadata.annotations["it\\"s"]': ["y"],
    "metadata.annotations['d e']": ["z"],
    'metadata.annotations["1.5"]': ["n"],
    "metadata.annotations[*]": ["x", "y", "z", "n"],
    "items[0].v[1][0]": ["2"],
    "items[1].v": ["1.10"],
    "items[name=b].v": ["1.10", ""],
    "items[name=b,labels.app=three].v": [""],
    "items[name=\"b\",labels.app='two'].v": ["1.10"],
    "items[*].name": ["a", "b", "b"],
    "kind=List:metadata.name": ["all"],
    "kind=List,name=all:metadata.name": ["all"],
    "metadata.name=all:kind": ["List"],
    "0:kind": ["List"],
}


@pytest.mark.parametrize("path", FOUND)
def test_a_path_finds(path):
    assert [value for value, _ in get(TEXT, path)] == FOUND[path]


@pytest.mark.parametrize("path", FOUND)
def test_a_path_written_out_means_the_same(path):
    parsed = parse_path(path)
    assert parse_path(str(parsed)) == parsed


@pytest.mark.parametrize(
    "path", ["", ".", "a..b", "a.", "a[", "a[]", "a]b", "a[-1]", "a b", "1:", "kind=A:", "a[b", "[0]a"]
)
def test_what_is_no_path_is_refused(path):
    with pytest.raises(EditError, match="is not a path"):
        parse_path(path)


def test_an_alias_is_followed_and_told_by_its_own_line():
    assert get("a: &x 1\nb: *x\nc: &y {d: e}\nf: *y\n", "b") == [("1", 2)]
    assert get("a: &x 1\nb: *x\nc: &y {d: e}\nf: *y\n", "f.d") == [("e", 3)]
