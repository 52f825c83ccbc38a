"""What is shown of an environment."""

from dataclasses import dataclass, field

from aks_flow.core.moment import MOMENT
from aks_flow.push.history.revision import PENDING, WAITS
from aks_flow.rollout.verdict.verdict import GOOD

PUSH, PULL = "push", "pull"
UNDONE, UNKNOWN = "undone", "unknown"  # verdicts of a delivery that is past; the latter is also a path
SHOWN = 10  # deliveries


@dataclass(frozen=True)
class PastDelivery:
    """One delivery, or a way back.

    when: it began; ended: the verdict was known, 0 if that was not written down. commit: of the app's
    repository. run: the workflow run's address or "". made: when the commit was made, 0 if it is not here.
    verdict: good, a reason as of `verdicts`, or one of UNDONE (a person or `gitops.wait` took it back),
    PENDING and UNKNOWN. is_back: whether it went back to an earlier version.
    """

    path: str
    version: str
    digest: str
    commit: str
    who: str
    run: str
    verdict: str
    is_back: bool
    when: float = field(metadata=MOMENT)
    ended: float = field(default=0, metadata=MOMENT)
    made: float = field(default=0, metadata=MOMENT)
    seconds: float | None = None

    @property
    def is_good(self) -> bool:
        return self.verdict == GOOD

    @property
    def is_bad(self) -> bool:
        """Whether somebody had to act after it."""
        return self.verdict not in (GOOD, PENDING, UNKNOWN, WAITS)


@dataclass(frozen=True)
class RunningVersion:
    """A version of the app whose pods have started. since: the oldest of them has."""

    version: str
    digest: str
    pods: int
    since: float = field(metadata=MOMENT)


@dataclass(frozen=True)
class Waits:
    """What an environment has yet to get. source: the environment before, or "registry" of the first one.

    version: what that has. commits: a line for each that comes with it, none if git does not know them.
    """

    source: str
    version: str
    commits: tuple[str, ...] = ()


@dataclass(frozen=True)
class WeekFigures:
    """begins: the week's first moment. The rest as of `DeliveryFigures`, of the week alone."""

    begins: float = field(metadata=MOMENT)
    deliveries: int = 0
    lead: float | None = None
    failed: float | None = None
    restore: float | None = None


@dataclass(frozen=True)
class DeliveryFigures:
    """DORA's four, of what is still known: docs/environments.md defines each.

    days: that they are about. per_week: deliveries. lead: seconds, the median. failed: a share, 0 to 1.
    restore: seconds, the median. Each is None where there is nothing to count.
    """

    days: float
    deliveries: int
    per_week: float | None
    lead: float | None
    failed: float | None
    restore: float | None
    weeks: tuple[WeekFigures, ...] = ()


@dataclass(frozen=True)
class EnvironmentView:
    """An environment.

    path: PUSH or PULL, "" if nothing was delivered, UNKNOWN if the history is unread. newest: the newest
    version that it admits, "" for none.
    intended: what the branch or the last push says; None for nothing. running: the app's versions.
    health: in Argo CD's words. drift: "" for none. hold: its reason or "". lock: who holds it and why, or "".
    waits: None for nothing. deliveries: the newest first, `SHOWN` at most. unread: what could not be read.
    """

    environment: str
    path: str
    newest: str
    intended: PastDelivery | None
    running: tuple[RunningVersion, ...]
    health: str
    drift: str
    hold: str
    lock: str
    waits: Waits | None
    deliveries: tuple[PastDelivery, ...]
    figures: DeliveryFigures
    unread: tuple[str, ...] = ()
