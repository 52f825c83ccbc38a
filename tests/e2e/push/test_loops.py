"""Containers that start again and again: why is said, and who waits by it may. On any cluster."""

import json

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.faults import Fault
from aks_flow.rollout.verdict.reasons import CRASH_LOOP
from tests.e2e.push.bad import failed
from tests.e2e.push.conftest import NAMESPACE
from tests.e2e.push.test_jobs import CONTAINER, SECURE
from tests.e2e.push.test_verdicts import FRONT
from tests.e2e.scale import only_in_full

pytestmark = only_in_full

NEVER_STARTED = {"startupProbe": {"tcpSocket": {"port": 1}, "periodSeconds": 1, "failureThreshold": 2}}
# The first run is never ready. Every other is, and is shorter.
AGAIN = "[ -e /tmp/again ] && { timeout 5 python3 -m vote; exit 3; }; touch /tmp/again; sleep 8; exit 3"
SIDECAR = {"name": "proxy", "image": "front", "restartPolicy": "Always", "command": ["true"]}
# Why it starts again and again -> the edit of the overlay, and words of the evidence.
LOOPS = {
    "a startup probe": (
        faults.in_container(FRONT, Fault("startup", CRASH_LOOP, NEVER_STARTED)),
        "its startup probe failed and the kubelet killed it",
    ),
    "a liveness probe": (
        faults.in_container(FRONT, faults.LIVENESS_LOOP),
        "its liveness probe failed and the kubelet killed it",
    ),
    "an end when it has been ready for seconds": (
        faults.in_container(FRONT, Fault("again", CRASH_LOOP, {"command": ["sh", "-c", AGAIN]})),
        "it ended with exit code 3 (Error), 3 times",
    ),
    "a native sidecar that ends well": (
        faults.with_patch("Deployment", "front", {"template": {"spec": {"initContainers": [SIDECAR]}}}),
        "exit code 0 (Completed) although it is to go on running",
    ),
}


@pytest.mark.parametrize(("edit", "words"), LOOPS.values(), ids=LOOPS)
def test_why_a_container_starts_again_and_again_is_said(project, changed, edit, words):
    bad = failed(project, changed, edit)
    assert bad["verdict"] == CRASH_LOOP and words in bad["findings"][0]["text"], bad


def test_what_a_node_says_in_a_log_s_place_is_no_log(project, changed):
    no_program = Fault("no-program", CRASH_LOOP, {"command": ["/no/such/program"]})
    bad = failed(project, changed, faults.in_container(FRONT, no_program))
    finding = bad["findings"][0]
    assert (bad["verdict"], finding["log"]) == (CRASH_LOOP, []), bad
    assert "/no/such/program" in json.dumps(finding)


# The first run takes its program away for some seconds: the second cannot start, and has no log.
PROGRAM = """#!/bin/sh
[ -e /program/away ] && echo boom: the third run
[ -e /program/away ] || mv /program/run /program/away
exit 3
"""
LAY = """printf %s "$PROGRAM" > /program/run; chmod +x /program/run"""
LAY_AGAIN = (
    "until [ -e /program/away ]; do sleep 1; done; sleep 4; cp /program/away /program/run; sleep infinity"
)
MOUNTED = f"volumeMounts: [{{name: program, mountPath: /program}}], {CONTAINER}"
HIDES = f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: hides}}
spec:
  selector: {{matchLabels: {{app: hides}}}}
  template:
    metadata: {{labels: {{app: hides}}}}
    spec:
      terminationGracePeriodSeconds: 1
      {SECURE}
      volumes: [{{name: program, emptyDir: {{}}}}]
      initContainers:
        - name: lays
          image: front
          command: [sh, -c, {json.dumps(LAY)}]
          env: [{{name: PROGRAM, value: {json.dumps(PROGRAM)}}}]
          volumeMounts: [{{name: program, mountPath: /program}}]
          {CONTAINER}
      containers:
        - {{name: hides, image: front, command: [/program/run], {MOUNTED}}}
        - {{name: lays-again, image: front, command: [sh, -c, {json.dumps(LAY_AGAIN)}], {MOUNTED}}}
"""


def test_the_last_run_s_log_is_shown_where_the_run_before_has_none(project, changed):
    (project.repo / "manifests/overlays/dev/hides.yaml").write_text(HIDES)
    finding = failed(project, changed, faults.with_resources("hides.yaml"))["findings"][0]
    assert any("/program/run: no such file" in line for line in finding["events"]), finding
    assert (finding["reason"], finding["log"]) == (CRASH_LOOP, ["boom: the third run"])


WAITS = f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: NAME, annotations: {{ANNOTATIONS}}}}
spec:
  selector: {{matchLabels: {{app: NAME}}}}
  template:
    metadata: {{labels: {{app: NAME}}}}
    spec:
      {SECURE}
      volumes: [{{name: runs, emptyDir: {{}}}}]
      initContainers:
        - name: until-there
          image: front
          command: [sh, -c, "echo >> /runs/all; [ $(wc -l < /runs/all) -gt 3 ]"]
          volumeMounts: [{{name: runs, mountPath: /runs}}]
          {CONTAINER}
      containers:
        - name: NAME
          image: front
          command: [sleep, infinity]
          readinessProbe: {{exec: {{command: ["true"]}}}}
          {CONTAINER}
"""
RUNS = "jsonpath={.items[0].status.initContainerStatuses[0].restartCount}"

# Who says so -> the workload's name and annotations, and the environment's setting.
TOLERANT = {
    "its annotation": ("noted", "aks-flow/tolerate: until-deadline", ""),
    "the environment": ("plain", "", "tolerate: until-deadline, "),
}


@pytest.mark.parametrize(("name", "annotations", "setting"), TOLERANT.values(), ids=TOLERANT)
def test_what_waits_by_failing_has_until_the_deadline(project, changed, kubectl, name, annotations, setting):
    waits = WAITS.replace("NAME", name).replace("ANNOTATIONS", annotations)
    configuration = project.read("invoke.yaml").replace("dev: {", f"dev: {{{setting}", 1)
    (project.repo / "invoke.yaml").write_text(configuration)
    changed(faults.with_resources("waits.yaml"), waits=waits)
    assert project.document("push")["outcome"]["changed"]
    assert kubectl.ok("-n", NAMESPACE, "get", "pods", f"--selector=app={name}", "-o", RUNS) == "3"
