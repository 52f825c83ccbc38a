"""No body, however strange, makes the server fail: every kind answers with a Status below 500."""

import json
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from tests.unit.rehearsal.standins.kubernetes.test_http_custom import CRD, CRDS, MERGE, WIDGETS, a_widget

STRANGE = json.loads((Path(__file__).parent / "data/malformed.json").read_text())
STORED = [kind for kind in kinds.BUILTIN if kind not in kinds.CREATE_ONLY]


def path_of(kind: Kind) -> str:
    root = f"/apis/{kind.api_version}" if kind.group else f"/api/{kind.version}"
    return f"{root}/namespaces/default/{kind.plural}" if kind.namespaced else f"{root}/{kind.plural}"


def check(answer) -> None:
    assert answer.status < 500, answer.text
    assert answer.body["kind"]


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: kind.resource)
def test_a_strange_object_is_refused_or_kept(server, kind):
    path = path_of(kind)
    for number, part in enumerate(STRANGE):
        check(server.call("POST", path, {"metadata": {"name": f"strange-{number}"}} | part))
        check(server.call("PATCH", f"{path}/strange-{number}", part, content_type=MERGE))
    for item in server.call("GET", path).body["items"]:
        check(server.call("PUT", f"{path}/{item['metadata']['name']}", item))
    check(server.call("GET", path, accept="application/json;as=Table;v=v1;g=meta.k8s.io"))
    check(server.call("DELETE", path))


def test_a_strange_custom_object_is_refused_or_kept(server):
    server.call("POST", CRDS, CRD)
    for part in STRANGE:
        check(server.call("POST", WIDGETS, a_widget("strange") | part))
        check(server.call("PATCH", f"{WIDGETS}/strange", part, content_type=MERGE))
        check(server.call("DELETE", f"{WIDGETS}/strange"))


@pytest.mark.parametrize(
    "patch", [None, 1, "x", [1], [{"op": "replace"}], [{"op": "test", "path": "/x", "value": 1}]]
)
@pytest.mark.parametrize("form", ["json-patch", "merge-patch", "strategic-merge-patch"])
def test_a_strange_patch_is_refused(server, form, patch):
    path = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt"
    answer = server.call("PATCH", path, json.dumps(patch), content_type=f"application/{form}+json")
    assert 400 <= answer.status < 500
    assert answer.body["kind"] == "Status"


@pytest.mark.parametrize("target", [{}, {"target": None}, {"target": []}, {"target": {"name": 1}}])
@pytest.mark.parametrize("part", ["binding", "eviction", "status"])
def test_a_strange_request_about_a_pod_is_refused(server, part, target):
    pods = "/api/v1/namespaces/default/pods"
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    server.call("POST", pods, pod)
    check(server.call("POST", f"{pods}/p/{part}", target))
    check(server.call("PUT", f"{pods}/p/{part}", target))
