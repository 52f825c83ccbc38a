"""What is not done at the deadline is named with what it waits for. On any cluster."""

import json
import socket

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.faults import Fault
from aks_flow.rollout.verdict.reasons import DEADLINE, IMAGE_NOT_FOUND
from tests.e2e.push.bad import failed
from tests.e2e.push.test_verdicts import FRONT
from tests.e2e.scale import only_in_full

pytestmark = only_in_full


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
