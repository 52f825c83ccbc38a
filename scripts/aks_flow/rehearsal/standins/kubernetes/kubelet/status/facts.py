"""What the node knows of one container of a pod."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times

_NEVER = "0001-01-01T00:00:00Z"


@dataclass
class ContainerFacts:
    """One container's present and last past.

    running_since: RFC 3339, "" if it is not running. terminated, last_terminated: Kubernetes'
    ContainerStateTerminated of the current and of the previous attempt. waiting: (reason, message).
    image: what the runtime says that it runs, "" for what its pod names.
    """

    container_id: str = ""
    image: str = ""
    image_id: str = ""
    user: dict | None = None
    restart_count: int = 0
    running_since: str = ""
    terminated: dict | None = None
    last_terminated: dict | None = None
    waiting: tuple[str, str] | None = None
    ready: bool = False
    started: bool = False

    @property
    def has_ended(self) -> bool:
        return self.terminated is not None and self.waiting is None

    @property
    def succeeded(self) -> bool:
        return self.has_ended and self.terminated["exitCode"] == 0


def terminated(inspected: dict, message: str = "") -> dict:
    """ContainerStateTerminated from Docker's inspection of a container that ended."""
    state = inspected["State"]
    reason = "OOMKilled" if state["OOMKilled"] else "Error" if state["ExitCode"] else "Completed"
    finished = state["FinishedAt"]
    ended = {
        "exitCode": state["ExitCode"],
        "reason": reason,
        "startedAt": _moment(state["StartedAt"]),
        "finishedAt": _moment(finished),
        "containerID": f"docker://{inspected['Id']}",
    }
    return ended | ({"message": message} if message else {})


def start_error(container_id: str, message: str) -> dict:
    """ContainerStateTerminated of a container whose process could not be started."""
    return {
        "exitCode": 128,
        "reason": "StartError",
        "message": message,
        "startedAt": "1970-01-01T00:00:00Z",
        "finishedAt": times.stamp(times.now()),
        "containerID": f"docker://{container_id}",
    }


def _moment(text: str) -> str:
    return times.stamp(times.parse(text)) if not text.startswith("0001-") else _NEVER
