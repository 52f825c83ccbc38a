"""What a rollout lacks at the deadline: the pod that is not ready, and what was said of it."""

import pytest

from aks_flow.rollout.verdict.goal import applied_goal
from aks_flow.rollout.verdict.pods import is_ready
from tests.unit.rollout.verdict.objects import NOW, TEMPLATE, deployment, event, pod, replica_set
from tests.unit.rollout.verdict.test_verdict import Watch, broken, job, waiting

CREATING = waiting("ContainerCreating")
OLD_TEMPLATE = TEMPLATE | {"spec": {"containers": [{"name": "web", "image": "registry/web:1"}]}}


def said(reason: str, message: str) -> dict:
    return event("uid-web-new-1", reason, message)


def ending(name: str = "web-old-1", owner: str = "uid-web-old") -> dict:
    gone = pod(name, owner)
    gone["metadata"]["deletionTimestamp"] = NOW
    return gone


def gated() -> dict:
    message = 'the status of pod readiness gate "example.com/lb" is not "True"'
    sick = pod(ready=False)
    sick["status"]["containerStatuses"][0]["ready"] = True
    sick["status"]["conditions"] = [{"type": "Ready", "status": "False", "message": message}]
    return sick


PULLING = 'Pulling image "registry/web:2"'
MOUNT = 'AttachVolume.Attach failed for volume "pvc-1": volume is attached to another node'
LATE = {
    # what is seen: reason, pod, words
    "a slow pull": (
        broken(pod(ready=False, state=CREATING), said("Pulling", PULLING)),
        ("deadline", "web-new-1", f"ContainerCreating: {PULLING}"),
    ),
    "a volume that does not mount": (
        broken(pod(ready=False, state=CREATING), said("Pulling", "no"), said("FailedAttachVolume", MOUNT)),
        ("deadline", "web-new-1", f"ContainerCreating: {MOUNT}"),
    ),
    "a sandbox": (
        broken(pod(ready=False, state=CREATING), said("FailedCreatePodSandBox", "no address")),
        ("deadline", "web-new-1", "ContainerCreating: no address"),
    ),
    "nothing was said": (
        broken(pod(ready=False, state=CREATING)),
        ("deadline", "web-new-1", "ContainerCreating"),
    ),
    "a readiness gate": (
        broken(gated()),
        ("never-ready", "web-new-1", 'the status of pod readiness gate "example.com/lb" is not "True"'),
    ),
    "Recreate, whose ReplicaSet is made when the old pod has ended": (
        [deployment(1, 0, 0), replica_set("web-old", OLD_TEMPLATE), ending()],
        ("deadline", "web-old-1", "its ReplicaSet: web-old-1, which is to end, has not"),
    ),
    "Recreate, and the old pod does not end": (
        [deployment(1, 0, 0), replica_set(), replica_set("web-old", OLD_TEMPLATE), ending()],
        ("deadline", "web-old-1", "0 of 1 new pods made: web-old-1, which is to end, has not"),
    ),
}


@pytest.mark.parametrize(("items", "expected"), LATE.values(), ids=LATE)
def test_a_late_rollout_names_the_pod_and_what_it_waits_for(items, expected):
    judged = Watch()(items, overdue=True)
    [finding] = judged.findings
    assert (judged.reason, finding.pod, finding.text) == expected


def test_new_pods_that_are_not_ready_are_named_before_the_old_ones_that_wait_for_them():
    counts = {"replicas": 3, "updatedReplicas": 2, "availableReplicas": 2}
    rolling = deployment() | {"status": {"observedGeneration": 2, **counts}}
    items = [rolling, replica_set(), pod("web-new-1"), pod("web-new-2", ready=False, state=CREATING)]
    assert Watch()(items).waits_for == "deployment/web (web-new-2 is not ready (ContainerCreating))"


def test_a_container_that_has_done_its_part_is_not_what_is_missing():
    sick = pod(ready=False)
    sick["spec"]["initContainers"] = [{"name": "migrate", "image": "registry/web:2"}]
    done = {"name": "migrate", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}
    sick["status"]["initContainerStatuses"] = [done]
    assert [found.container for found in Watch()(broken(sick), overdue=True).findings] == ["web"]


FAILED, RUNNING = {"terminated": {"exitCode": 1, "reason": "Error"}}, {"running": {}}
ENDED = "it ended with exit code 1 (Error), once"
TRIES = {
    "its first try hangs": ([RUNNING], ("migrate-0", "never-ready", "it runs and does not end")),
    "it is tried again": ([FAILED, RUNNING], ("migrate-1", "never-ready", "it runs and does not end")),
    "it is to be tried again": ([FAILED], ("migrate-0", "deadline", ENDED)),
}


@pytest.mark.parametrize(("states", "expected"), TRIES.values(), ids=TRIES)
def test_a_late_job_is_told_by_the_try_that_runs_or_by_how_the_last_one_ended(states, expected):
    tries = [
        pod(f"migrate-{number}", "j", ready="running" in state, state=state)  # as a kubelet says at once
        for number, state in enumerate(states)
    ]
    for each in tries:
        each["spec"]["restartPolicy"] = "Never"
        each["status"]["phase"] = "Running" if is_ready(each) else "Failed"
    [found] = Watch(applied_goal("shop", [job()]))([job(), *tries], overdue=True).findings
    assert (found.pod, found.reason, found.text) == expected


def test_a_container_that_is_to_end_is_not_called_unready():
    sick = pod(ready=False, state={"waiting": {"reason": "PodInitializing"}})
    sick["spec"]["initContainers"] = [{"name": "migrate", "image": "registry/web:2"}]
    sick["status"]["initContainerStatuses"] = [{"name": "migrate", "state": {"running": {}}}]
    findings = Watch()(broken(sick), overdue=True).findings
    assert [(found.container, found.text) for found in findings] == [("migrate", "it runs and does not end")]
