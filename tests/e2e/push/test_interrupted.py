"""What stops a push half-way: an object that the server refuses after others, and a server that is away."""

import json

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.faults import with_patch
from aks_flow.rehearsal.scenarios.drills.gate import Gate, through_gate
from aks_flow.rollout.verdict.reasons import EXIT_CODES
from tests.e2e.push.conftest import NAMESPACE
from tests.e2e.push.test_push import front, served
from tests.e2e.push.test_verdicts import FRONT

AWAY = 20  # seconds
SERVICES = """apiVersion: v1
kind: Service
metadata: {name: extra-a}
spec: {type: TYPE, ports: [PORT], selector: {app: extra}}
---
apiVersion: v1
kind: Service
metadata: {name: extra-b}
spec: {type: TYPE, ports: [PORT], selector: {app: extra}}
"""
PLAIN = {"type": "ClusterIP", "port": "{port: 80}"}
ONE_PORT = {"type": "NodePort", "port": "{port: 80, nodePort: 30987}"}
SLOW = {"readinessProbe": {"initialDelaySeconds": 12}}


@pytest.fixture
def gate(cluster, tmp_path) -> Gate:
    """Closed by a test, open for all but it."""
    return through_gate(cluster.kubectl.kubeconfig, tmp_path / "kubeconfig", "")


@pytest.fixture
def through(gate, tmp_path) -> dict[str, str]:
    """The settings of a task that goes through the gate."""
    return {"INVOKE_TARGETS_CLUSTER_KUBECONFIG": str(tmp_path / "kubeconfig")}


@pytest.fixture
def quota(kubectl, delivered):
    """Room for one more Service."""
    count = len(kubectl.ok("-n", NAMESPACE, "get", "services", "-o", "name").split())
    kubectl.ok("-n", NAMESPACE, "create", "quota", "small", f"--hard=services={count + 1}")
    kubectl.until(
        f'"services":"{count}"', "-n", NAMESPACE, "get", "quota", "small", "-o", "jsonpath={.status.used}"
    )
    yield
    kubectl.ok("-n", NAMESPACE, "delete", "quota", "small")


@pytest.mark.parametrize(
    ("services", "words"),
    [(PLAIN, "exceeded quota: small"), (ONE_PORT, "provided port is already allocated")],
    ids=["a quota", "a port"],
)
def test_what_was_applied_in_part_is_undone(project, changed, quota, kubectl, services, words):
    before = served(kubectl)["version"]
    text = SERVICES.replace("TYPE", services["type"]).replace("PORT", services["port"])
    changed(faults.with_resources("extra.yaml"), extra=text)
    answer = project.inv("push", "--json")
    document = json.loads(answer.stdout)
    assert (answer.exit, document["verdict"]) == (EXIT_CODES["apply-failed"], "apply-failed"), answer
    [finding] = document["findings"]
    assert finding["workload"] == "service/extra-b" and words in finding["text"]
    assert "service/extra-a" in finding["notes"][0]
    assert document["undone"]["status"] == "restored" and served(kubectl)["version"] == before
    assert "NotFound" in kubectl("-n", NAMESPACE, "get", "service", "extra-a").stderr
    assert project.document("push.history")[1]["verdict"] == "apply-failed"


def until(process, text: str) -> None:
    """Until a task has printed a line with the text."""
    lines = []
    while not lines or text not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], (lines, process.stderr.read())


def test_a_server_that_is_away_when_the_verdict_falls_costs_neither_evidence_nor_undo(
    project, changed, cluster, kubectl, gate, through
):
    before = served(kubectl)["version"]
    changed(faults.in_container(FRONT, faults.missing_image(cluster.registry)))
    process = project.start("push", **through)
    until(process, "failed rollout")
    opened = gate.closed_for(AWAY)
    stderr = process.communicate(timeout=300)[1]
    opened.join()
    assert process.returncode == EXIT_CODES["image-not-found"], stderr
    assert "no-such-image:1" in stderr and "It is back at revision" in stderr and "Traceback" not in stderr
    assert served(kubectl)["version"] == before


def test_a_good_version_is_not_undone_for_a_silence_at_the_deadline(project, changed, kubectl, gate, through):
    changed(
        with_patch("Deployment", "front", {"template": {"spec": {"containers": [{"name": "front", **SLOW}]}}})
    )
    process = project.start("push", INVOKE_DEADLINE="16", **through)
    until(process, "ok     apply")
    opened = gate.closed_for(AWAY)
    stdout, stderr = process.communicate(timeout=300)
    opened.join()
    assert process.returncode == 0 and "dev now runs" in stdout, stdout + stderr
    probe = front(kubectl)["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]
    assert probe["initialDelaySeconds"] == SLOW["readinessProbe"]["initialDelaySeconds"]
