"""Which pods are the app's own now, though people change its Deployment."""

import json
from types import SimpleNamespace

from aks_flow.core.command import Command, Result
from aks_flow.push.strategy import cluster_state, twins
from aks_flow.tools.kubectl import Kubectl

REVISION = "deployment.kubernetes.io/revision"


def made(name: str, revision: str, **annotations: str) -> dict:
    """A ReplicaSet, and its template as of a Deployment whose template has these annotations."""
    labels = {"app": "front", twins.HASH: name}
    owner = [{"uid": "front", "controller": True}]
    metadata = {"name": name, "labels": labels, "ownerReferences": owner, "annotations": {REVISION: revision}}
    template = {"metadata": {"labels": labels, "annotations": annotations}}
    return {"kind": "ReplicaSet", "metadata": metadata, "spec": {"template": template}}


def deployment(revision: str, **annotations: str) -> dict:
    metadata = {"name": "front", "uid": "front", "annotations": {REVISION: revision}}
    template = {"metadata": {"labels": {"app": "front"}, "annotations": annotations}}
    return {"kind": "Deployment", "metadata": metadata, "spec": {"template": template}}


class Looks:
    """A cluster that looks otherwise each time."""

    def __init__(self, *looks: list[dict]):
        self._looks = list(looks)

    def run(self, command: Command) -> Result:
        return Result(0, json.dumps({"kind": "List", "items": self._looks.pop(0)}).encode(), b"")


def test_the_own_pods_are_those_of_the_deployment_as_it_is_once_they_are_made():
    """It was restarted since it was read."""
    old, new = made("old", "1"), made("new", "2", restarted="now")
    run = Looks([deployment("1", restarted="now"), old], [deployment("2", restarted="now"), old, new])
    context = SimpleNamespace(run=run, cluster=lambda environment: Kubectl(namespace=environment))
    assert cluster_state.pod_template_hash(context, "dev", deployment("1")) == "new"
