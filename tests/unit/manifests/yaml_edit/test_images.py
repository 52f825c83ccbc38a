"""Which images a manifest mentions, and where."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.images import _mentions, set_image
from aks_flow.manifests.images.listing import images
from aks_flow.manifests.yaml_edit.fields import set_scalar
from aks_flow.manifests.yaml_edit.find import find, path_to
from aks_flow.manifests.yaml_edit.source import read
from tests.unit.manifests.yaml_edit.cases import FIXTURES, load_cases

DIGEST = "sha256:" + "0" * 64


def listed(text: str) -> list[tuple[int, str, str]]:
    """Those that are understood."""
    return [(row.line, row.path, str(row.image)) for row in images(text) if row.image]


def fixture(name: str) -> str:
    return (FIXTURES / name).read_bytes().decode()


def test_a_workload_mentions_the_images_of_all_its_containers():
    assert listed(fixture("deployment.yaml")) == [
        (14, "spec.template.spec.initContainers[name=migrate].image", "localhost:5000/front:1.2"),
        (19, "spec.template.spec.containers[name=web].image", "localhost:5000/front:1.2"),
        (22, "spec.template.spec.containers[name=cache].image", "redis:7"),
    ]


def test_the_objects_of_a_list_mention_theirs():
    assert listed(fixture("list.yaml")) == [
        (7, "items[0].spec.containers[name=web].image", "front:1"),
        (7, "items[0].spec.ephemeralContainers[name=debug].image", "front:1"),
        (12, "items[1].spec.containers[name=db].image", "redis:7"),
    ]


def test_a_kustomization_mentions_what_it_will_write():
    assert listed(fixture("kustomization-pin.yaml")) == [
        (8, "images[name=front]", f"localhost:5000/front:1.2.3@sha256:{'f' * 64}"),
        (13, "images[name=front-worker]", "front-worker:1.2.3"),
    ]


def test_values_mention_images_in_parts_and_in_one():
    assert listed(fixture("values.yaml")) == [
        (2, "front.image", "localhost:5000/front:1.2"),
        (7, "redis.image", "redis:7"),
    ]
    assert listed(fixture("values-scalar.yaml")) == [(2, "web.image", "front:1")]
    assert listed(f"image: {{repository: front, tag: 1.2@{DIGEST}}}") == [(1, "image", f"front:1.2@{DIGEST}")]


def test_an_image_behind_an_alias_is_mentioned_where_the_alias_stands():
    text = "apiVersion: v1\nkind: Pod\nx: &i front:1\nspec:\n  containers:\n  - {name: web, image: *i}\n"
    assert listed(text) == [(6, "spec.containers[name=web].image", "front:1")]


def test_a_service_and_an_empty_file_mention_none():
    assert images("apiVersion: v1\nkind: Service\nspec: {selector: {app: front}}\n") == []
    assert images("# nothing\n") == []


def test_in_a_file_of_several_documents_the_path_names_the_document():
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: web, image: front:1}]}\n"
    )
    paths = [row.path for row in images(pod % "a" + "---\n" + pod % "b" + "---\n" + pod % "b")]
    rest = "spec.containers[name=web].image"
    assert paths == [f"kind=Pod,name=a:{rest}", f"1:{rest}", f"2:{rest}"]


@pytest.mark.parametrize("name", sorted({case.file for case in load_cases()} - {"complex-key.yaml"}))
def test_the_path_of_a_mention_leads_to_it_and_nowhere_else(name):
    parsed = read(fixture(name), name)
    for mention in _mentions(parsed):
        assert find(parsed, path_to(parsed, mention.node), through_aliases=True) == [mention.node]


@pytest.mark.parametrize(
    "tag", ["1.10", "1e3", "0x1f", "yes", "y", "null", "2026-11-23", "1_000", "0755", "1234e56"]
)
def test_kustomize_reads_each_tag_as_the_text_it_was(tag, tmp_path):
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: front}\n"
    )
    (tmp_path / "pod.yaml").write_text(pod)
    pin = set_image(
        "resources: [pod.yaml]\nimages:\n- name: front\n", "front", ImageRef("", "front", tag), where="k"
    )
    (tmp_path / "kustomization.yaml").write_text(pin)
    kubectl = Path(sys.executable).with_name("kubectl")
    rendered = subprocess.run(
        [kubectl, "kustomize", tmp_path], capture_output=True, check=True, text=True
    ).stdout
    assert listed(rendered) == [(7, "spec.containers[name=c].image", f"front:{tag}")]


ODD = [
    "",
    "1.10",
    "1e3",
    "0x1f",
    "0o17",
    "0b1",
    ".5",
    "5.",
    "+1",
    "yes",
    "Y",
    "off",
    "null",
    "~",
    ".inf",
    "-.NaN",
    "<<",
]
ODD += [
    "2026-11-23",
    "2026-11-23T10:00:00Z",
    "1_000",
    "0755",
    "1:30",
    "=",
    "*a",
    "a: b",
    "a #b",
    "'",
    '"',
    "\\",
    " a ",
]
ODD += [
    "\x85",
    "\u2028",
    "\ufeff",
    "\x7f",
    "tab\there",
    "line\nbreak",
    "😀",
    "-",
    "?",
    "- a",
    "? a",
    "---",
    "[",
    "@",
    "`",
]


def test_kubectl_reads_each_odd_text_as_the_string_it_was(tmp_path):
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
    text += "".join(f"  k{number}: x\n" for number in range(len(ODD)))
    for number, value in enumerate(ODD):
        text = set_scalar(text, f"data.k{number}", value, where="c.yaml")
    (tmp_path / "c.yaml").write_text(text, "utf-8")
    kubectl = Path(sys.executable).with_name("kubectl")
    command = [kubectl, "annotate", "--local", "--filename", tmp_path / "c.yaml", "a=b", "--output", "json"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout)["data"] == {f"k{number}": value for number, value in enumerate(ODD)}
