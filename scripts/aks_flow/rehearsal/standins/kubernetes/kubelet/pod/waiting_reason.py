"""Why a container waits instead of running, from the error that stopped it."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.kubelet.images.puller import NeverPull, PullError
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.reference import InvalidImageName
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.errors import ContainerConfigError


class CreateError(Exception):
    """The engine refused to create the container."""


class StartError(Exception):
    """The container's process could not be started. container_id: of the container left behind."""

    def __init__(self, container_id: str, message: str):
        super().__init__(message)
        self.container_id = container_id


EXPECTED = (InvalidImageName, NeverPull, PullError, ContainerConfigError, CreateError)


@dataclass(frozen=True)
class WaitingReason:
    """reason: the waiting reason. events: (reason, message) of the warnings that announce it."""

    reason: str
    message: str
    events: tuple[tuple[str, str], ...]


def from_error(error: Exception, image: str) -> WaitingReason:
    """Why a container with this image waits, from an error of EXPECTED."""
    message = str(error)
    if isinstance(error, PullError):
        failed = ("Failed", f'Failed to pull image "{image}": {message}')
        return WaitingReason("ErrImagePull", message, (failed, ("Failed", "Error: ErrImagePull")))
    if isinstance(error, InvalidImageName):
        inspect = ("InspectFailed", message)
        return WaitingReason("InvalidImageName", message, (inspect, ("Failed", "Error: InvalidImageName")))
    if isinstance(error, NeverPull):
        never = ("ErrImageNeverPull", message)
        return WaitingReason("ErrImageNeverPull", message, (never, ("Failed", "Error: ErrImageNeverPull")))
    reason = (
        "CreateContainerConfigError" if isinstance(error, ContainerConfigError) else "CreateContainerError"
    )
    return WaitingReason(reason, message, (("Failed", f"Error: {message}"),))
