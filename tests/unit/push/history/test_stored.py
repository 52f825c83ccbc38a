"""What somebody who can write Secrets in the namespace gets by writing a revision: nothing beyond it."""

import base64
import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.core.errors import AksFlowError
from aks_flow.push.history import revision, rollback, stored
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import Revision, digest
from aks_flow.tools.kubectl import output
from tests.unit.push.revisions import entry, kept
from tests.unit.push.test_roll_out import delivery

NAMESPACE = "vote-dev"


def item(kind: str, api: str = "v1", namespace: str | None = NAMESPACE) -> dict:
    metadata = {"name": "x"} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": api, "kind": kind, "metadata": metadata}


def manifest(*items: dict) -> str:
    return "".join(f"---\n{json.dumps(one)}\n" for one in items)


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


GOOD = gzip.compress(b"kind: x")
BOMB = gzip.compress(bytes(400_000_000), 1)
DAMAGED = {
    "no base64": "é",
    "no gzip": packed(b"kind: x"),
    "cut short": packed(GOOD[:-4]),
    "a wrong checksum": packed(GOOD[:-8] + b"12345678"),
    "400 MB of zeros": packed(BOMB),
    "no text": packed(gzip.compress(b"\xff")),
    "another manifest": packed(gzip.compress(b"kind: y")),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_manifest_is_a_sentence(name):
    bad = replace(entry(3, "kind: x"), packed=DAMAGED[name])
    with pytest.raises(
        AksFlowError, match=r"secret/aks-flow.revision.3: revision 3 .* cannot be used"
    ) as caught:
        bad.manifest  # noqa: B018
    assert "kubectl delete secret aks-flow.revision.3" in caught.value.next_step


SHAPES = [
    "[",
    "- 1",
    "7",
    "kind: x",
    "{kind: x, apiVersion: v1}",
    "a: &a [*a]",
    "[" * 5000,
    "!!python/name:os.system",
]


@pytest.mark.parametrize("text", SHAPES)
def test_a_manifest_that_has_no_objects_is_a_sentence(text):
    with pytest.raises(AksFlowError, match="it is damaged"):
        entry(3, text).objects  # noqa: B018


@pytest.mark.parametrize("kept_text", ["{", "7", "[7]", '[{"kind": "x"}]', "[" * 100_000])
def test_what_was_replaced_is_a_sentence_if_it_is_damaged(kept_text):
    with pytest.raises(AksFlowError, match="it is damaged"):
        replace(entry(3, "x"), kept=revision.pack(kept_text)).replaced  # noqa: B018


@given(st.binary(max_size=200))
def test_any_bytes_are_a_manifest_or_a_sentence(data):
    bad = replace(entry(3, ""), packed=packed(data) or "eA==", digest=digest(""))
    try:
        assert bad.manifest == ""
    except AksFlowError as error:
        assert error.next_step


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_description_is_a_revision_or_a_sentence(about):
    secret = kept(entry(3, "x"))
    secret["data"]["about"] = packed(json.dumps(about).encode())
    try:
        assert isinstance(revision.parse(secret), Revision)
    except AksFlowError as error:
        assert "cannot be read" in str(error)


def test_a_revision_for_another_namespace_changes_nothing(config):
    bad = entry(1, manifest(item("ConfigMap", namespace="kube-system")))
    context = delivery(config, {})
    with pytest.raises(AksFlowError, match="it has objects for namespace kube-system"):
        rollback.restore(context, History("dev", (bad, entry(2, "y"))), bad)
    assert not context.run.ran


WIDE = [
    item("ClusterRoleBinding", "rbac.authorization.k8s.io/v1", None),
    item("Namespace", namespace=None),
    item("ClusterPolicy", "kyverno.io/v1", None),
    item("PersistentVolume"),
]


@pytest.mark.parametrize("wide", WIDE, ids=lambda wide: wide["kind"])
def test_what_is_of_the_whole_cluster_is_left_alone(wide):
    mine = item("ConfigMap")
    both = entry(1, manifest(mine, wide))
    assert "ConfigMap" in stored.of_the_namespace(both) and wide["kind"] not in stored.of_the_namespace(both)
    assert stored.left_alone(both, NAMESPACE) == [output.object_name(wide)]
    assert stored.inside([mine, wide]) == [mine]


def test_a_revision_of_the_namespace_alone_is_applied_as_it_is():
    text = manifest(item("ConfigMap"), item("Deployment", "apps/v1"))
    assert stored.of_the_namespace(entry(1, text)) == text


def test_its_own_namespace_is_no_news():
    own = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    assert stored.left_alone(entry(1, manifest(own)), NAMESPACE) == []


def test_nothing_of_the_whole_cluster_is_deleted_on_the_way_back():
    names = ["configmap/x", "namespace/kube-system", "clusterrole.rbac.authorization.k8s.io/admin", "node/a"]
    assert stored.names_inside(names) == ["configmap/x"]
