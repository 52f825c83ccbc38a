"""The pods of the app, as they come and go: watched beside a delivery, and written down."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from aks_flow.core.command import Result
from aks_flow.core.image_ref import parsed
from aks_flow.core.runner import Follower
from aks_flow.image.names import app_repository
from aks_flow.rehearsal.show import recording
from aks_flow.rollout.verdict.pods import is_ready
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import raw

STARTING, READY, ENDING, GONE = "starting", "ready", "ending", "gone"
_SECONDS = 7200  # that a server goes on telling


@contextmanager
def watched(context: DeliveryContext) -> Iterator[None]:
    """While the block lasts, if the run is shown and its runner can follow a program."""
    events, run = recording.file(context.config), context.run
    with ExitStack() as companions:
        if events.is_file() and isinstance(run, Follower):
            for environment in context.config.environments_here:
                command = raw.watch(context.cluster(environment), "pods", "v1", _SECONDS)
                tell = PodStates(events, environment, app_repository(context.config).name)
                companions.enter_context(run.follow(command, tell))
        yield


class PodStates:
    """Told the lines of a watch; writes down what is new."""

    def __init__(self, events: Path, environment: str, repository: str):
        self._write: Callable = partial(recording.append, events, "pod", environment=environment)
        self._repository, self._seen = repository, {}

    def __call__(self, line: bytes | Result) -> None:
        if isinstance(line, Result):
            return
        event = json.loads(line)
        pod = event["object"]
        if event["type"] in ("ADDED", "MODIFIED", "DELETED") and (version := self._version(pod)):
            self._note(pod["metadata"]["name"], version, _state(event["type"], pod))

    def _note(self, name: str, version: str, state: str) -> None:
        if self._seen.get(name) != state:
            self._seen[name] = state
            self._write(name=name, version=version, state=state)

    def _version(self, pod: dict) -> str:
        """Of the app's own container; "" for a pod that is not the app's."""
        images = (parsed(container["image"]) for container in pod["spec"]["containers"])
        return next((image.tag for image in images if image and image.name == self._repository), "")


def _state(change: str, pod: dict) -> str:
    if change == "DELETED":
        return GONE
    if pod["metadata"].get("deletionTimestamp"):
        return ENDING
    return READY if is_ready(pod) else STARTING
