"""The status of an ApplicationSet. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_GENERATED = "Successfully generated parameters for all Applications"
_CURRENT = "ApplicationSetUpToDate"


class Reason(StrEnum):
    """Argo CD's words for what went wrong."""

    GENERATION = "ApplicationGenerationFromParamsError"
    RENDERING = "RenderTemplateParamsError"
    VALIDATION = "ApplicationValidationError"
    UPDATING = "UpdateApplicationError"


@dataclass(frozen=True)
class SetError(Exception):
    """Why Applications are not as they are to be."""

    reason: Reason
    message: str

    @property
    def generated(self) -> bool:
        """Whether the generators had done their part."""
        return self.reason in (Reason.VALIDATION, Reason.UPDATING)


def conditions(before: Iterable[dict], error: SetError | None, now: str) -> list[dict]:
    """The three conditions; one that is as it was keeps its time."""
    reason, message = (error.reason, error.message) if error else (_CURRENT, _GENERATED)
    rows = {
        "ErrorOccurred": (bool(error), reason, message),
        "ParametersGenerated": (True, "ParametersGenerated", _GENERATED),
        "ResourcesUpToDate": (not error, reason, message if error else "ApplicationSet up to date"),
    }
    if error and not error.generated:
        rows["ParametersGenerated"] = (False, "ErrorOccurred", message)
    known = list(before)
    return [_condition(known, kind, *row, now) for kind, row in rows.items()]


def _condition(before: list[dict], kind: str, holds: bool, reason: str, message: str, now: str) -> dict:
    made = {"type": kind, "status": str(holds), "reason": reason, "message": message}
    same = (item["lastTransitionTime"] for item in before if item.items() >= made.items())
    return made | {"lastTransitionTime": next(same, now)}


def resources(applications: Iterable[dict]) -> list[dict]:
    """The Applications that there are, as they were when this was written."""
    return [_resource(item) for item in sorted(applications, key=lambda item: item["metadata"]["name"])]


def _resource(application: dict) -> dict:
    group, _, version = application["apiVersion"].partition("/")
    metadata, status = application["metadata"], application.get("status", {})
    entry = {"group": group, "version": version, "kind": application["kind"], "name": metadata["name"]}
    entry["namespace"] = metadata["namespace"]
    if sync := status.get("sync", {}).get("status"):
        entry["status"] = sync
    if health := status.get("health", {}).get("status"):
        entry["health"] = {"status": health}
    return entry
