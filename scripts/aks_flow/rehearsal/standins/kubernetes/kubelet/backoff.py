"""Waits that double: 10 s, 20 s, … 300 s, as kubelet waits between restarts and between pulls."""

from dataclasses import dataclass

INITIAL_SECONDS = 10
MAX_SECONDS = 300
RESET_AFTER_SECONDS = 600
SHOWN_SECONDS = 0.2  # before the restart


def shown_after(wait: float, to_probe: float | None) -> float:
    """Seconds into a wait for a restart after which the status says so; until then it shows the run's end.

    Kubelet says in a pod's status what the sync before it found, and syncs a pod that backs off at the end of
    the wait only, unless one of the container's probes makes it look again. to_probe: seconds until one does.
    """
    last = max(0, wait - SHOWN_SECONDS)
    return last if to_probe is None else min(to_probe, last)


@dataclass
class Backoff:
    """The wait that the last failure earned; 0 before the first."""

    seconds: float = 0

    def fail(self) -> float:
        self.seconds = min(self.seconds * 2, MAX_SECONDS) if self.seconds else INITIAL_SECONDS
        return self.seconds

    def reset(self) -> None:
        self.seconds = 0


@dataclass
class RestartBackoff:
    """The wait before a restart: none after the first end, then doubling, forgiven after ten minutes' run."""

    has_ended: bool = False
    wait: Backoff | None = None

    def after_run(self, seconds: float) -> float:
        if seconds >= RESET_AFTER_SECONDS:
            self.has_ended, self.wait = False, None
        if not self.has_ended:
            self.has_ended, self.wait = True, Backoff()
            return 0
        return self.wait.fail()
