"""What `rehearse` ends with: what runs where, and how both deliveries of a change went."""

import json
from dataclasses import dataclass

from aks_flow.core.steps import Step
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get


@dataclass(frozen=True)
class DeliveredPod:
    """One pod of an environment. state: ready, not ready, ended (a Job's) or terminating."""

    environment: str
    name: str
    image: str
    digest: str
    state: str


@dataclass(frozen=True)
class RehearsalSummary:
    """pods: of both environments. deliveries: by push, then by pull. steps: all of them, in order.

    no_pull: why nothing was delivered by pull, "" if it was.
    """

    pods: list[DeliveredPod]
    deliveries: list[MeasuredDelivery]
    steps: list[Step]
    no_pull: str = ""


def read_pods(context: DeliveryContext, environment: str) -> list[DeliveredPod]:
    """The environment's pods as the cluster has them now."""
    answer = json.loads(context.run.run(get.all_of(context.cluster(environment), "pods")).stdout)
    return [_pod(environment, item) for item in answer["items"]]


def _pod(environment: str, item: dict) -> DeliveredPod:
    """Its image as the pod names it: for one pulled by its digest, containerd reports the image's own."""
    container = item["spec"]["containers"][0]
    statuses = {status["name"]: status for status in item["status"].get("containerStatuses") or ()}
    status = statuses.get(container["name"]) or {"imageID": "", "ready": False}
    state = "ready" if status["ready"] else "not ready"
    if item["status"].get("phase") == "Succeeded":
        state = "ended"
    if item["metadata"].get("deletionTimestamp"):
        state = "terminating"
    digest = status["imageID"].rpartition("@")[2]
    return DeliveredPod(environment, item["metadata"]["name"], container["image"], digest, state)
