"""The texts of an Application's status. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field

from aks_flow.rehearsal.standins.argocd import comparing, names, planning
from aks_flow.rehearsal.standins.argocd.comparing import Managed
from aks_flow.rehearsal.standins.argocd.object_refs import Ref

HISTORY = 10  # revisionHistoryLimit's default


@dataclass(frozen=True)
class Comparison:
    """What a look at git and cluster found. revision: the branch's name if git could not be read.

    errors, warnings: (condition type, message). source_type: Kustomize or Directory, "" if not known.
    refused: the objects that the AppProject does not permit.
    """

    revision: str
    source_type: str = ""
    managed: list[Managed] = field(default_factory=list)
    errors: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    refused: frozenset[Ref] = frozenset()

    @property
    def sync(self) -> str:
        return names.UNKNOWN if self.errors else comparing.overall(self.managed)

    @property
    def is_refused(self) -> bool:
        """Whether nothing was compared, since the spec may not be."""
        return any(kind == names.INVALID_SPEC for kind, _ in self.errors)

    @property
    def health(self) -> str:
        return names.UNKNOWN if self.is_refused else comparing.overall_health(self.managed)


def compared(application: dict, comparison: Comparison, sync_error: str, now: str) -> dict:
    """The fields of the status that a comparison sets; ``now`` is a time stamp."""
    before, spec = application.get("status", {}), application["spec"]
    if comparison.is_refused:
        return _refused(before, comparison, now)
    errors = [
        *comparison.errors,
        *comparison.warnings,
        *([(names.SYNC_ERROR, sync_error)] if sync_error else []),
    ]
    result = {
        "conditions": conditions(before.get("conditions") or [], errors, now),
        "controllerNamespace": application["metadata"]["namespace"],
        "health": _health(before.get("health") or {}, comparison.health, now),
        "resourceHealthSource": "appTree",
        "resources": [resource(item, comparison.refused) for item in comparison.managed],
        "sourceType": comparison.source_type or before.get("sourceType", ""),
        "summary": {"images": comparing.images(comparison.managed)},
        "sync": {
            "status": comparison.sync,
            "revision": comparison.revision,
            "comparedTo": {key: spec[key] for key in ("source", "destination") if key in spec},
        },
    }
    result["summary"] = {key: value for key, value in result["summary"].items() if value}
    result["sync"] = {key: value for key, value in result["sync"].items() if value}
    return {key: value for key, value in result.items() if value or key in ("resources", "summary")}


def _refused(before: dict, comparison: Comparison, now: str) -> dict:
    """Both states are unknown; what was found before, and the other conditions, stay."""
    kept = [entry for entry in before.get("conditions") or [] if entry["type"] != names.INVALID_SPEC]
    refusals = conditions(before.get("conditions") or [], list(comparison.errors), now)
    return {key: before[key] for key in COMPARED if key in before} | {
        "conditions": [*kept, *refusals],
        "health": _health(before.get("health") or {}, comparison.health, now),
        "sync": before.get("sync", {}) | {"status": comparison.sync},
    }


COMPARED = (
    *("conditions", "controllerNamespace", "health", "resourceHealthSource", "resources", "sourceType"),
    *("summary", "sync"),
)


def conditions(before: list[dict], errors: list[tuple[str, str]], now: str) -> list[dict]:
    """The conditions of the errors; one that was there before keeps its time."""
    since = {
        (condition["type"], condition["message"]): condition["lastTransitionTime"] for condition in before
    }
    return [
        {"type": kind, "message": message, "lastTransitionTime": since.get((kind, message), now)}
        for kind, message in errors
    ]


def _health(before: dict, status: str, now: str) -> dict:
    since = before.get("lastTransitionTime") if before.get("status") == status else None
    return {"status": status, "lastTransitionTime": since or now}


def resource(item: Managed, refused: Collection[Ref]) -> dict:
    """An entry of ``status.resources``; v3 keeps no health there unless it is told to."""
    version = item.either["apiVersion"].rpartition("/")[2]
    entry = item.ref.fields() | {"version": version}
    if item.status:
        entry["status"] = names.UNKNOWN if item.ref in refused else item.status
    if item.prunes:
        entry["requiresPruning"] = True
    if planning.wave(item.either):
        entry["syncWave"] = planning.wave(item.either)
    return entry


def history(before: list[dict], limit: int | None, entry: dict) -> list[dict]:
    """With one more entry, its id the next; only the newest are kept."""
    number = before[-1]["id"] + 1 if before else 0
    kept = HISTORY if limit is None else limit
    return [*before, {"id": number} | entry][-kept:] if kept else []


def changes(before: dict, after: dict) -> dict:
    """The merge patch that makes ``before`` into ``after``."""
    patch: dict = dict.fromkeys(before.keys() - after.keys())
    for key, value in after.items():
        old = before.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            if nested := changes(old, value):
                patch[key] = nested
        elif value != old:
            patch[key] = value
    return patch
