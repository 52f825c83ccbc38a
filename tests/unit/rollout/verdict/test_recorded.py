"""What a standard cluster (v1.36, containerd) showed of four bad days, judged.

``recorded.json``: a Deployment past its deadline, and the pods and warnings at three moments of bad images.
Its ReplicaSets were not recorded at those moments: they are made of the Deployment's template.
"""

import copy
import json
from pathlib import Path

import pytest

from aks_flow.rollout.verdict.goal import GoalTarget, RolloutGoal
from tests.unit.rollout.verdict.test_verdict import Watch

RECORDED = json.loads(Path(__file__).with_name("recorded.json").read_text())
GOAL = RolloutGoal("shop", (GoalTarget("Deployment", "web"),))
IN_TIME = {"type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated"}
CASES = {
    # day: (the new pods' image, seconds until the end of the wait, overdue, reason, words, exit code)
    "an image that is missing": ("missing", 0, False, "image-not-found", "demo-web:missing: not found", None),
    "a container that crashes": ("bad", 10, False, "crash-loop", "exit code 1 (Error), 3 times", 1),
    "a pod that is never ready": ("sick", 60, True, "never-ready", "it runs and is not ready", None),
}


def day(image: str, late: bool = False) -> list[dict]:
    """The namespace on that day: the pods of its newest ReplicaSet are the new ones."""
    deployment, pods = copy.deepcopy(RECORDED["deployment"]), RECORDED["pods"][image]
    if not late:
        deployment["status"]["conditions"] = [IN_TIME]
    made = []
    for pod in pods:
        [owner], [status] = pod["metadata"]["ownerReferences"], pod["status"]["containerStatuses"]
        made.append(replica_set(owner, deployment, new=not status["ready"]))
    return [deployment, *made, *pods, *RECORDED["events"]]


def replica_set(owner: dict, deployment: dict, new: bool) -> dict:
    template = deployment["spec"]["template"]
    if not new:
        notes = {"annotations": {"of": "an older template"}}
        template = {**template, "metadata": {**template["metadata"], **notes}}
    references = [{"uid": deployment["metadata"]["uid"], "controller": True}]
    metadata = {"name": owner["name"], "uid": owner["uid"], "ownerReferences": references}
    return {"kind": "ReplicaSet", "metadata": metadata, "spec": {"template": template}}


@pytest.mark.parametrize(("image", "after", "overdue", "reason", "words", "code"), CASES.values(), ids=CASES)
def test_a_bad_day_has_its_reason(image, after, overdue, reason, words, code):
    watch, items = Watch(GOAL), day(image)
    first = watch(items)
    judged = watch(items, after, overdue) if after else first
    assert after == 0 or first.kind == "waiting"
    assert (judged.kind, judged.reason) == ("bad", reason)
    [finding] = judged.findings
    assert words in finding.text and finding.exit_code == code and finding.workload == "deployment/web"


def test_the_deployment_s_own_deadline_ends_a_crash_loop_sooner_than_its_grace():
    judged = Watch(GOAL)(day("bad", late=True))
    assert (judged.kind, judged.reason) == ("bad", "crash-loop")


def test_the_old_pods_of_a_bad_day_are_no_trouble():
    items = [item for item in day("bad") if item["kind"] != "Pod"]
    ready = [pod for pod in RECORDED["pods"]["bad"] if pod["status"]["containerStatuses"][0]["ready"]]
    assert Watch(GOAL)([*items, *ready], 60).kind == "waiting"
