"""What the rehearsal ends with: what runs where, how both halves went, how long each step took."""

import json
from dataclasses import dataclass

from aks_flow import report
from aks_flow.core.steps import Step
from aks_flow.rehearsal.scenarios.push_and_pull.half import EVENTS, Half
from aks_flow.rehearsal.scenarios.push_and_pull.traffic import RATE
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class Pod:
    """One pod as the board shows it; state: ready, not ready or terminating."""

    environment: str
    name: str
    image: str
    digest: str
    state: str


@dataclass(frozen=True)
class Board:
    """pods: of every environment that was delivered to. halves: push, then pull. steps: all, in order."""

    pods: list[Pod]
    halves: list[Half]
    steps: list[Step]


def pods(context: DeliveryContext, environment: str) -> list[Pod]:
    """The environment's pods."""
    answer = json.loads(context.run.run(context.cluster(environment).get_all("pods")).stdout)
    return [_pod(environment, item) for item in answer["items"]]


def _pod(environment: str, item: dict) -> Pod:
    container = (item["status"].get("containerStatuses") or [{"image": "", "imageID": "", "ready": False}])[0]
    state = "ready" if container["ready"] else "not ready"
    if item["metadata"].get("deletionTimestamp"):
        state = "terminating"
    digest = container["imageID"].rpartition("@")[2]
    return Pod(environment, item["metadata"]["name"], container["image"], digest, state)


def show(board: Board) -> None:
    """The board, for a person."""
    rows = [[pod.environment, pod.name, _tagged(pod.image), pod.digest[:19], pod.state] for pod in board.pods]
    report.table("what runs where", ["environment", "pod", "image", "digest", "state"], rows)
    rows = [[event, *(half.after_commit(event) for half in board.halves)] for event in EVENTS]
    columns = ["event", *(f"{half.name} to {half.environment}" for half in board.halves)]
    report.table("seconds after the commit", columns, rows)
    for half in board.halves:
        load = f"{half.sent} requests at {RATE} a second, {half.failed} failed"
        report.say(
            f"{half.name}: {half.image.tag} serves alone after {half.seconds:.1f} s; {load}; {half.url}"
        )


def _tagged(image: str) -> str:
    """``host/front:1.2@sha256:…`` -> ``front:1.2``."""
    return image.partition("@")[0].rpartition("/")[2]
