"""The outcome of a write to an environment's folder."""

from dataclasses import dataclass

from aks_flow.core.image_ref import ImageRef

WRITTEN, PLANNED = "written", "planned"
UNCHANGED, SUPERSEDED, HELD = "unchanged", "superseded", "held"


@dataclass(frozen=True)
class WriteOutcome:
    """status: WRITTEN, PLANNED (a dry run), UNCHANGED, HELD, or SUPERSEDED: the folder has a newer version.

    image: what the folder pins now. commit: the one that was written. note: what was (or would be) written,
    the newer version, or the hold's reason. diff: what a planned write would change.
    """

    environment: str
    status: str
    image: ImageRef | None = None
    commit: str = ""
    note: str = ""
    diff: str = ""

    def __str__(self) -> str:
        words = {
            WRITTEN: f"{self.note}, commit {self.commit[:12]}",
            PLANNED: f"would be written: {self.note}",
            UNCHANGED: f"unchanged: {self.note}",
            SUPERSEDED: f"superseded by {self.note}",
            HELD: f"held: {self.note}",
        }
        return f"{self.environment}: {words[self.status]}"
