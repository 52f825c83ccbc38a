"""Health as a value, from the best status to the worst."""

from dataclasses import dataclass

HEALTHY, SUSPENDED, PROGRESSING = "Healthy", "Suspended", "Progressing"
MISSING, DEGRADED, UNKNOWN = "Missing", "Degraded", "Unknown"
ORDER = (HEALTHY, SUSPENDED, PROGRESSING, MISSING, DEGRADED, UNKNOWN)  # from best to worst


@dataclass(frozen=True)
class Health:
    """``status``: one of ORDER."""

    status: str
    message: str = ""

    def fields(self) -> dict:
        """As a resource's status holds it."""
        return {"status": self.status} | ({"message": self.message} if self.message else {})


def condition(item: dict, name: str) -> dict:
    """A condition of the object's status, {} if it has none of this type."""
    conditions = item.get("status", {}).get("conditions") or []
    return next((entry for entry in conditions if entry["type"] == name), {})


def unobserved(item: dict) -> bool:
    """True while the kind's controller has not seen the newest spec."""
    return item["metadata"].get("generation", 0) > item.get("status", {}).get("observedGeneration", 0)
