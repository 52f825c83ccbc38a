"""What people and slow clusters do to a delivery: said at the plan, waited for, or named. On any cluster."""

import json

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.faults import Fault
from aks_flow.rollout.verdict.reasons import CRASH_LOOP, DEADLINE, EXIT_CODES, IMAGE_NOT_FOUND
from tests.e2e.push.conftest import NAMESPACE
from tests.e2e.push.test_jobs import GONE_AT_ONCE
from tests.e2e.push.test_verdicts import FRONT
from tests.e2e.scale import only_in_full

pytestmark = only_in_full

IN = ("-n", NAMESPACE)
# What somebody does; what puts it right; what the plan says.
STOPPED = {
    "paused": (
        ("rollout", "pause", "deployment/front"),
        ("rollout", "resume", "deployment/front"),
        f"deployment/front is paused: `kubectl --namespace {NAMESPACE} rollout resume deployment/front`",
    ),
    "scaled to 0": (
        ("scale", "deployment/front", "--replicas=0"),
        ("scale", "deployment/front", "--replicas=1"),
        "deployment/front is scaled to 0, and the manifests leave it so: `kubectl",
    ),
}


@pytest.mark.parametrize(("stop", "go_on", "says"), STOPPED.values(), ids=STOPPED)
def test_what_was_stopped_by_hand_is_said_at_the_plan(project, delivered, kubectl, stop, go_on, says):
    kubectl.ok(*IN, *stop)
    try:
        [said] = project.document("push.plan")["obstacles"]
        refused = project.inv("push")
    finally:
        kubectl.ok(*IN, *go_on)
    assert says in said and refused.exit == 1
    assert says in refused.stderr and "nothing was changed" in refused.stderr


def test_a_suspended_job_is_said_at_the_plan(project, changed, kubectl):
    spec = {"suspend": True, "template": {"spec": {"restartPolicy": "Never", "containers": [_CONTAINER]}}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "clean"}, "spec": spec}
    kubectl.ok(*IN, "create", "--filename=-", stdin=json.dumps(job))
    try:
        changed(faults.with_resources("clean.yaml"), clean=GONE_AT_ONCE)
        said = project.document("push.plan")["obstacles"]
    finally:
        kubectl.ok(*IN, "delete", "job", "clean")
    assert [text.partition(":")[0] for text in said] == ["job/clean is suspended"]


_CONTAINER = {"name": "clean", "image": "front.invalid/clean:1"}


def test_replicas_that_leave_the_manifests_are_said(project, changed):
    changed(faults.with_patch("Deployment", "front", {"replicas": 2}))
    project.document("push")
    project.git("revert", "--no-edit", "HEAD")
    said = project.document("push.plan")["remarks"]
    assert any("deployment/front: replicas 2 → 1" in text for text in said), said


def test_more_pods_of_an_autoscaler_are_waited_for(project, changed, kubectl):
    changed(lambda text: text.replace("minReplicas: 1", "minReplicas: 2"))
    assert project.document("push")["outcome"]["changed"]
    ready = kubectl.ok(*IN, "get", "deployment", "front", "-o", "jsonpath={.status.readyReplicas}")
    assert ready == "2"


_UNKNOWN = {"driver": "nosuch.example", "readOnly": True}
# What is wrong -> the verdict, and words of its evidence.
NAMED = {
    "a startup probe that fails": (
        {"startupProbe": {"tcpSocket": {"port": 1}, "periodSeconds": 1, "failureThreshold": 2}},
        CRASH_LOOP,
        "startup probe",
    ),
    "a liveness probe that fails": (faults.LIVENESS_LOOP.fields, CRASH_LOOP, "liveness probe"),
}


@pytest.mark.parametrize(("fields", "reason", "words"), NAMED.values(), ids=NAMED)
def test_a_probe_s_kill_is_said_as_that(project, changed, fields, reason, words):
    bad = failed(project, changed, faults.in_container(FRONT, Fault("probe", reason, fields)))
    assert bad["verdict"] == reason and words in json.dumps(bad["findings"]).lower()


def test_an_image_s_own_name_is_no_refusal(project, changed, cluster):
    image = f"{cluster.registry}/forbidden-island:1@sha256:{'1' * 64}"
    fault = Fault("island", IMAGE_NOT_FOUND, {"image": image})
    assert failed(project, changed, faults.in_helper(FRONT, fault))["verdict"] == IMAGE_NOT_FOUND


def test_at_the_deadline_the_volume_that_does_not_mount_is_named(project, changed):
    template = {"spec": {"volumes": [{"name": "odd", "csi": _UNKNOWN}], "containers": [_MOUNTS]}}
    edit = faults.with_patch("Deployment", "front", {"template": template})
    bad = failed(project, changed, edit, INVOKE_DEADLINE="30")
    assert bad["verdict"] == DEADLINE
    assert "nosuch.example not found in the list of registered CSI drivers" in json.dumps(bad["findings"])


_MOUNTS = {"name": "front", "volumeMounts": [{"name": "odd", "mountPath": "/odd"}]}


def failed(project, changed, edit, **settings: str) -> dict:
    """The document of a push that has to go wrong, and back."""
    changed(edit)
    answer = project.inv("push", "--json", **settings)
    bad = json.loads(answer.stdout)
    assert answer.exit == EXIT_CODES[bad["verdict"]] and bad["undone"]["status"] == "restored", bad
    return bad
