"""The delivery of one change, measured: from its commit to the new version serving alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aks_flow.core.image_ref import ImageRef
from aks_flow.core.moment import MOMENT
from aks_flow.core.steps import Step
from aks_flow.rehearsal.scenarios.push_and_pull.load import RATE

_BY_API = "through the cluster's API"
_LATE = 1  # seconds to an answer, from which on it is told
EVENTS = ("commit", "build", "publish", "write", "detect", "apply", "ready", "serve")


@dataclass(frozen=True)
class MeasuredDelivery:
    """How one path delivered a change.

    path: push or pull. times: when each of EVENTS was over (seconds since the epoch); one that the path does
    not have is missing. url: for a person, "" if the app has none here. sent, failed: requests of the load.
    reasons: why they failed, with how many. slowest: seconds to the latest answer.
    """

    path: str
    environment: str
    image: ImageRef
    url: str
    sent: int
    failed: int
    reasons: dict[str, int]
    slowest: float
    times: dict[str, float] = field(metadata=MOMENT)

    @property
    def seconds(self) -> float:
        """From the commit to the new version serving alone."""
        return self.times["serve"] - self.times["commit"]

    @property
    def requests(self) -> str:
        """The requests of the load and where they went, as shown."""
        if not self.sent:
            return "nothing was asked meanwhile: `contract.service` names no Service"
        why = ", ".join(f"{reason}: {count}" for reason, count in self.reasons.items())
        if self.failed == self.sent:
            step = "if the app speaks HTTP, `rehearsal.load` names a path that it answers"
            return f"none of {self.sent} requests was answered ({why}): {step}; {self.url or _BY_API}"
        late = f"; the slowest answer took {self.slowest:.1f} s" if self.slowest >= _LATE else ""
        failed = f"{self.failed} failed{why and f' ({why})'}{late}"
        return f"{self.sent} requests at up to {RATE} a second, {failed}; {self.url or _BY_API}"

    def after_commit(self, event: str) -> str:
        """Seconds from the commit to the event, as shown."""
        return f"{self.times[event] - self.times['commit']:.1f}" if event in self.times else "–"


def after_the_write(times: dict[str, float]) -> dict[str, float]:
    """With no moment of Argo CD's, which are whole seconds, before the commit that it answers to."""
    detect = max(times["detect"], times["write"])
    return times | {"detect": detect, "apply": max(times["apply"], detect)}


def ends(steps: Iterable[Step]) -> dict[str, float]:
    """When each step ended, by its name; the last one counts."""
    return {step.name: step.started + (step.seconds or 0) for step in steps}
