"""What came of a write to an environment's folder."""

from dataclasses import dataclass

from scripts.image import ImageRef

WRITTEN, UNCHANGED, SUPERSEDED, HELD = "written", "unchanged", "superseded", "held"


@dataclass(frozen=True)
class Outcome:
    """status: one of the four above.

    image: what the folder pins now. commit: the one that was written. note: what was written, the newer
    version, or the hold's reason.
    """

    environment: str
    status: str
    image: ImageRef | None = None
    commit: str = ""
    note: str = ""

    def __str__(self) -> str:
        words = {
            WRITTEN: f"{self.note}, commit {self.commit[:12]}",
            UNCHANGED: f"unchanged: {self.note}",
            SUPERSEDED: f"superseded by {self.note}",
            HELD: f"held: {self.note}",
        }
        return f"{self.environment}: {words[self.status]}"
