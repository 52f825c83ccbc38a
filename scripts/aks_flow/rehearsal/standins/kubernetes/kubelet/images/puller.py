"""Bringing a container's image to the engine, by its pull policy."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.image_ref import ImageRef
from aks_flow.rehearsal.standins.kubernetes.kubelet.durations import go_duration
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.images import credentials, refusals
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.reference import (
    held_digest,
    parse,
    pinned,
    reported,
)

Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Image:
    """An image on the engine. reference: what to create from. digest: ``name@sha256:…``. user: its USER.

    reported: what a container's status says, "" for what the pod names.
    """

    reference: str
    digest: str
    user: str
    reported: str


class PullError(Exception):
    """A pull that failed, with the message for the pod's status."""


class NeverPull(Exception):
    """The policy forbids to pull an image that is not there."""


class Puller:
    """Pulls, one at a time for each reference. state: the folder of the node's own credentials."""

    def __init__(self, engine: Engine, state: Path):
        self._engine, self._state = engine, state
        self._turns: dict[str, asyncio.Lock] = {}

    async def ensure(self, container: dict, secrets: list[dict], tell: Tell) -> Image:
        """The image, pulled if the policy asks for it. tell(reason, message) announces what happens.

        InvalidImageName, NeverPull, PullError.
        """
        reference = parse(container["image"])
        policy = container.get("imagePullPolicy", "IfNotPresent")
        if policy != "Always" and (image := await self._present(reference)):
            tell("Pulled", _already(container["image"]))
            return image
        if policy == "Never":
            raise NeverPull(
                f'Container image "{container["image"]}" is not present with pull policy of Never'
            )
        return await self._pull(container["image"], reference, secrets, tell)

    async def _present(self, reference: ImageRef) -> Image | None:
        """The image as the node has it. One that was only built here, never pushed, does not count:
        another node would not have it."""
        inspected = await self._engine.image(pinned(reference))
        return _image(reference, inspected) if inspected and held_digest(reference, inspected) else None

    async def _pull(self, text: str, reference: ImageRef, secrets: list[dict], tell: Tell) -> Image:
        asked = time.monotonic()
        async with self._turns.setdefault(pinned(reference), asyncio.Lock()):
            tell("Pulling", f'Pulling image "{text}"')
            began = time.monotonic()
            host = reference.registry
            login = credentials.for_host(secrets, host) or credentials.of_node(self._state, host)
            try:
                await self._engine.pull(pinned(reference), login)
            except EngineError as error:
                raise PullError(refusals.explain(_pulled_name(reference, text), error.message)) from error
            took, waited = time.monotonic() - began, time.monotonic() - asked
        inspected = await self._engine.image(pinned(reference))
        tell("Pulled", _pulled(text, took, waited, inspected["Size"]))
        return _image(reference, inspected)


def _image(reference: ImageRef, inspected: dict) -> Image:
    user = (inspected["Config"] or {}).get("User", "")
    digest = held_digest(reference, inspected) or inspected["Id"]
    return Image(pinned(reference), digest, user, reported(reference, inspected["Id"]))


def _pulled_name(reference: ImageRef, text: str) -> str:
    """What containerd says that it could not pull: it drops a tag where a digest tells which image it is."""
    return pinned(reference) if reference.digest else text


def _already(image: str) -> str:
    return f'Container image "{image}" already present on machine and can be accessed by the pod'


def _pulled(image: str, took: float, waited: float, size: int) -> str:
    times = f"in {go_duration(took)} ({go_duration(waited)} including waiting)"
    return f'Successfully pulled image "{image}" {times}. Image size: {size} bytes.'
