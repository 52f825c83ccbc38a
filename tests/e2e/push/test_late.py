"""What is not done at the deadline is named with what it waits for. On any cluster."""

import json
import socket

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.faults import Fault
from aks_flow.rollout.verdict.reasons import DEADLINE, EXIT_CODES, IMAGE_NOT_FOUND
from tests.e2e.push.bad import failed
from tests.e2e.push.conftest import NAMESPACE
from tests.e2e.push.test_jobs import CONTAINER, SECURE
from tests.e2e.push.test_verdicts import FRONT
from tests.e2e.scale import only_in_full

pytestmark = only_in_full

IN = ("-n", NAMESPACE)


def test_an_image_s_own_name_is_no_refusal(project, changed, cluster):
    image = f"{cluster.registry}/forbidden-island:1@sha256:{'1' * 64}"
    fault = Fault("island", IMAGE_NOT_FOUND, {"image": image})
    assert failed(project, changed, faults.in_helper(FRONT, fault))["verdict"] == IMAGE_NOT_FOUND


UNKNOWN = {"driver": "nosuch.example", "readOnly": True}
MOUNTS = {"name": "front", "volumeMounts": [{"name": "odd", "mountPath": "/odd"}]}


def test_at_the_deadline_the_volume_that_does_not_mount_is_named(project, changed):
    template = {"spec": {"volumes": [{"name": "odd", "csi": UNKNOWN}], "containers": [MOUNTS]}}
    edit = faults.with_patch("Deployment", "front", {"template": template})
    bad = failed(project, changed, edit, INVOKE_DEADLINE="30")
    assert bad["verdict"] == DEADLINE
    assert "nosuch.example not found in the list of registered CSI drivers" in json.dumps(bad["findings"])


@pytest.fixture
def silent_registry(cluster):
    """The address of one that takes connections and says nothing; on a given cluster one that nobody has."""
    if cluster.standin is None:
        yield "192.0.2.1"  # RFC 5737
    else:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            yield f"localhost:{listener.getsockname()[1]}"


def test_at_the_deadline_the_image_that_does_not_come_is_named(project, changed, silent_registry):
    image = f"{silent_registry}/slow:1@sha256:{'1' * 64}"
    edit = faults.in_helper(FRONT, Fault("slow", DEADLINE, {"image": image}))
    bad = failed(project, changed, edit, INVOKE_DEADLINE="8")
    finding = bad["findings"][0]
    assert bad["verdict"] == DEADLINE and finding["container"] == "helper", bad
    assert f'Pulling image "{image}"' in " ".join([finding["text"], *finding["events"]])


STAYS = f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: stays}}
spec:
  strategy: {{type: Recreate}}
  selector: {{matchLabels: {{app: stays}}}}
  template:
    metadata: {{labels: {{app: stays}}}}
    spec:
      terminationGracePeriodSeconds: 120
      {SECURE}
      containers:
        - name: stays
          image: front
          command: [sh, -c, "trap '' TERM; while :; do sleep 1; done"]
          env: [{{name: WORD, value: TEXT}}]
          readinessProbe: {{exec: {{command: ["true"]}}}}
          {CONTAINER}
"""


def test_at_the_deadline_the_old_pod_that_does_not_end_is_named(project, changed, kubectl):
    changed(faults.with_resources("stays.yaml"), stays=STAYS.replace("TEXT", "old"))
    project.document("push")
    old = kubectl.ok(*IN, "get", "pods", "--selector=app=stays", "-o", "name").strip().partition("/")[2]
    project.commit("manifests/overlays/dev/stays.yaml", STAYS.replace("TEXT", "new"))
    answer = project.inv("push", "--json", "--no-undo", INVOKE_DEADLINE="8")
    kubectl.ok(*IN, "delete", "deployment", "stays", "--wait=false")
    kubectl.ok(*IN, "delete", "pods", "--selector=app=stays", "--grace-period=0", "--force", "--wait=false")
    [finding] = json.loads(answer.stdout)["findings"]
    assert (answer.exit, finding["pod"]) == (EXIT_CODES[DEADLINE], old), answer
    assert f"{old}, which is to end, has not" in finding["text"]
