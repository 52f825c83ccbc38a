"""A pod's status from facts, compared with what a standard cluster recorded."""

from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins.kubernetes.kubelet.status import pod_phase
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.containers import status
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts, terminated
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.pod_status import pod_status

DATA = Path(__file__).parent / "data"
RECORDED = yaml.safe_load((DATA / "recorded_pods.yaml").read_text())
PHASES = yaml.safe_load((DATA / "phases.yaml").read_text())


def as_facts(entry: dict) -> ContainerFacts:
    """What the node knows when a recorded container status is true."""
    state = entry["state"]
    waiting = state.get("waiting")
    return ContainerFacts(
        container_id=entry.get("containerID", "").partition("://")[2],
        image_id=entry["imageID"],
        user=entry.get("user"),
        restart_count=entry["restartCount"],
        running_since=state.get("running", {}).get("startedAt", ""),
        terminated=state.get("terminated"),
        last_terminated=entry["lastState"].get("terminated"),
        waiting=(waiting["reason"], waiting.get("message", "")) if waiting else None,
        ready=entry["ready"],
        started=entry["started"],
    )


@pytest.mark.parametrize("pod", RECORDED, ids=lambda pod: pod["spec"]["containers"][0]["image"][-7:])
def test_the_status_is_the_recorded_one(pod):
    (entry,) = pod["status"]["containerStatuses"]
    addresses = (pod["status"]["podIP"], pod["status"]["hostIP"])
    derived = pod_status(pod, {entry["name"]: as_facts(entry)}, addresses, {})
    for container_status in derived["containerStatuses"]:
        if "containerID" in container_status:
            container_status["containerID"] = container_status["containerID"].replace(
                "docker://", "containerd://"
            )
    assert derived == pod["status"]


def test_the_image_is_the_pods_own_text_unless_the_runtime_says_another():
    for said, shown in (("", "web:1"), ("sha256:b", "sha256:b")):
        facts = ContainerFacts(image=said)
        assert status({"name": "web", "image": "web:1"}, facts, "")["image"] == shown


def test_a_condition_that_does_not_change_keeps_its_time_and_one_that_does_gets_a_new_one():
    pod = RECORDED[0]
    (entry,) = pod["status"]["containerStatuses"]
    facts = as_facts(entry)
    facts.ready = False
    derived = pod_status(pod, {entry["name"]: facts}, ("10.0.0.1", "10.0.0.2"), {})
    before = {condition["type"]: condition for condition in pod["status"]["conditions"]}
    after = {condition["type"]: condition for condition in derived["conditions"]}
    assert after["Initialized"] == before["Initialized"]
    assert after["Ready"]["status"] == "False"
    assert after["Ready"]["lastTransitionTime"] > before["Ready"]["lastTransitionTime"]


@pytest.mark.parametrize("case", PHASES, ids=lambda case: case["name"])
def test_the_phase_follows_kubelets_rules(case):
    facts = {name: ContainerFacts(**given) for name, given in case["facts"].items()}
    for container_facts in facts.values():
        container_facts.waiting = tuple(container_facts.waiting) if container_facts.waiting else None
    spec = {
        "restartPolicy": case["policy"],
        "initContainers": case.get("init", []),
        "containers": [{"name": name} for name in facts if name.startswith("main")],
    }
    assert pod_phase.phase_of({"spec": spec}, facts) == case["phase"]


@pytest.mark.parametrize(
    ("code", "out_of_memory", "reason"),
    [(0, False, "Completed"), (3, False, "Error"), (137, True, "OOMKilled")],
)
def test_an_end_has_a_reason(code, out_of_memory, reason):
    state = {
        "ExitCode": code,
        "OOMKilled": out_of_memory,
        "StartedAt": "2026-11-22T22:17:38.123456789Z",
        "FinishedAt": "2026-11-22T22:17:39.5Z",
    }
    assert terminated({"Id": "abc", "State": state}, "bye") == {
        "exitCode": code,
        "reason": reason,
        "message": "bye",
        "startedAt": "2026-11-22T22:17:38Z",
        "finishedAt": "2026-11-22T22:17:39Z",
        "containerID": "docker://abc",
    }
