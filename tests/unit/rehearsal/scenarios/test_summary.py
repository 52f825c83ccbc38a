"""What a rehearsal's end says of the pods."""

import json

from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.scenarios.push_and_pull.summary import DeliveredPod, read_pods
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get
from tests.unit.planned import Planned

IMAGE = f"r.example/web:1@sha256:{'a' * 64}"
IMAGE_ID = f"r.example/web@sha256:{'a' * 64}"


def pod(name: str, statuses: list[dict], phase: str = "Running", **metadata) -> dict:
    containers = [{"name": "web", "image": IMAGE}, {"name": "aside", "image": "aside:1"}]
    status = {"phase": phase} | ({"containerStatuses": statuses} if statuses else {})
    return {"metadata": {"name": name, **metadata}, "spec": {"containers": containers}, "status": status}


def test_a_pods_image_is_the_one_it_names_whatever_the_runtime_calls_it(config):
    ready = {"name": "web", "image": "sha256:b", "imageID": IMAGE_ID, "ready": True}
    aside = {"name": "aside", "image": "aside:1", "imageID": "aside@sha256:c", "ready": True}
    items = [
        pod("new", [aside, ready]),
        pod("old", [aside, ready | {"ready": False}], deletionTimestamp="2026-01-01T00:00:00Z"),
        pod("later", [], "Pending"),
        pod("migrate", [ready | {"ready": False}], "Succeeded"),
    ]
    run = Planned({})
    context = DeliveryContext(run, None, config, Steps(Silent()))
    run.answers[str(get.all_of(context.cluster("dev"), "pods"))] = json.dumps({"items": items})
    assert read_pods(context, "dev") == [
        DeliveredPod("dev", "new", IMAGE, f"sha256:{'a' * 64}", "ready"),
        DeliveredPod("dev", "old", IMAGE, f"sha256:{'a' * 64}", "terminating"),
        DeliveredPod("dev", "later", IMAGE, "", "not ready"),
        DeliveredPod("dev", "migrate", IMAGE, f"sha256:{'a' * 64}", "ended"),
    ]
