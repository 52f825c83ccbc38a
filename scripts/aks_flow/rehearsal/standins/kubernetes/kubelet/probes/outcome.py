"""What a probe answered, and how many answers it takes to believe it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """message: why it failed, in kubelet's words; "" if it did not."""

    ok: bool
    message: str = ""


@dataclass
class ProbeVerdict:
    """The current belief, which flips after enough consecutive answers of the other kind."""

    holds: bool | None
    success_threshold: int = 1
    failure_threshold: int = 3
    _streak: int = 0
    _last: bool | None = None

    def observe(self, ok: bool) -> bool:
        """Take one answer in; True if the threshold for this kind of answer is reached with it."""
        self._streak = self._streak + 1 if ok == self._last else 1
        self._last = ok
        if self._streak < (self.success_threshold if ok else self.failure_threshold):
            return False
        self.holds = ok
        return True
