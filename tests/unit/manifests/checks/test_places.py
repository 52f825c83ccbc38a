"""A finding is at the line where its field is written, or at what is nearest to that."""

import pytest

from aks_flow.manifests.checks.places import FilePlaces
from aks_flow.manifests.checks.view import FieldView

TEXT = """\
# a comment
kind: ConfigMap
metadata: {name: other}
---
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: side
          image: a
        - name: web
          image: b
          ports:
            - containerPort: 80
---
kind: List
items:
  - kind: Service
    metadata: {name: web}
"""
KUSTOMIZATION = "configMapGenerator:\n  - name: more\n  - name: web\n    literals: [A=b]\n"
# The rendered containers are in another order than the written ones, and there is one more.
CONTAINERS = [
    {"name": "web", "image": "b", "ports": [{"containerPort": 80}]},
    {"name": "side", "image": "c"},
    {},
]
DEPLOYMENT = {
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {"template": {"spec": {"containers": CONTAINERS}}},
}
POD = ("spec", "template", "spec", "containers")


@pytest.mark.parametrize(
    ("item", "path", "line"),
    [
        (DEPLOYMENT, (), 5),
        (DEPLOYMENT, ("metadata", "name"), 7),
        (DEPLOYMENT, (*POD, 0), 14),
        (DEPLOYMENT, (*POD, 0, "ports", 0, "containerPort"), 17),
        (DEPLOYMENT, (*POD, 0, "ports", 0, "name"), 17),
        (DEPLOYMENT, (*POD, 1, "image"), 13),
        (DEPLOYMENT, (*POD, 2), 11),
        (DEPLOYMENT, ("spec", "replicas"), 8),
        ({"kind": "Service", "metadata": {"name": "prefix-web-suffix"}}, ("metadata",), 22),
        ({"kind": "Secret", "metadata": {"name": "web"}}, ("metadata",), 1),
        ({"kind": None, "metadata": None}, ("spec", 0, "x"), 1),
    ],
)
def test_the_line_of_a_field(tmp_path, item, path, line):
    file = tmp_path / "all.yaml"
    file.write_text(TEXT)
    place = FilePlaces(tmp_path).of(FieldView(item), FieldView(None, path), file)
    assert (place.file, place.line) == ("all.yaml", line)


def test_what_is_generated_is_at_its_entry(tmp_path):
    file = tmp_path / "kustomization.yaml"
    file.write_text(KUSTOMIZATION)
    item = FieldView({"kind": "ConfigMap", "metadata": {"name": "web-5f4d8c"}})
    assert FilePlaces(tmp_path).of(item, item["data"]["A"], file).line == 3


def test_a_file_that_cannot_be_read_again_has_a_first_line(tmp_path):
    item = FieldView({"kind": "ConfigMap", "metadata": {"name": "web"}})
    assert FilePlaces(tmp_path).of(item, item, tmp_path / "gone.yaml").line == 1
