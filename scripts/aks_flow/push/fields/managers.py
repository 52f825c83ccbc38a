"""Who has which fields of an object, by its ``managedFields``. Pure.

The names of people's managers are those of the programs that they use: `kubectl set` is ``kubectl-set``.
"""

import re
from dataclasses import dataclass, field

from aks_flow.push.fields.field_set import FieldSet, only, without
from aks_flow.tools.kubectl.apply import LAST_APPLIED, MANAGER

CLIENT_SIDE = "kubectl-client-side-apply"
# What applied an object before is no change to it: kubectl from its own side, and what applies manifests.
_FORMER = (CLIENT_SIDE, "before-first-apply")
_DEPLOYERS = re.compile("kubectl|helm|helm-controller|kustomize-controller|argocd-controller")
_MAKERS = ("kubectl-create", "kubectl-run", "kubectl-expose", "kubectl-autoscale")
_PEOPLE = re.compile(r"kubectl(-[\w-]+)?|k9s|Lens|OpenLens|node-fetch|Headlamp|Mozilla")
_RUNTIME = (
    ("f:spec", "f:replicas"),
    ("f:spec", "f:paused"),
    ("f:spec", "f:suspend"),
    ("f:metadata", "f:annotations", "f:kubernetes.io/change-cause"),
    ("f:metadata", "f:annotations", "f:kubectl.kubernetes.io/restartedAt"),
    ("f:spec", "f:template", "f:metadata", "f:annotations", "f:kubectl.kubernetes.io/restartedAt"),
)  # how it is run, not what it is: `kubectl scale`, `rollout pause` and `rollout restart` set these
_NOTE = ("f:metadata", "f:annotations", f"f:{LAST_APPLIED}")


@dataclass(frozen=True)
class Manager:
    """An entry of managedFields. time: RFC 3339, "" if it is not kept. entry: as the server has it."""

    name: str
    time: str
    fields: FieldSet = field(hash=False)
    entry: dict = field(hash=False)

    @property
    def is_on_object(self) -> bool:
        """Whether it wrote the object itself, not one of its subresources."""
        return not self.entry.get("subresource")

    @property
    def applies(self) -> bool:
        return self.entry.get("operation") == "Apply"

    @property
    def configured(self) -> FieldSet:
        """What it says of how the object is to be."""
        return without(self.fields, _RUNTIME)

    @property
    def told(self) -> FieldSet:
        """The same without kubectl's own note."""
        return without(self.configured, (_NOTE,))

    @property
    def running(self) -> FieldSet:
        """What it says of how the object is run."""
        return only(self.fields, _RUNTIME)


def managers(live: dict) -> list[Manager]:
    """All of an object's, but for those of its status and of another version of its kind."""
    entries = live["metadata"].get("managedFields") or []
    return [
        Manager(entry.get("manager", ""), entry.get("time", ""), entry.get("fieldsV1") or {}, entry)
        for entry in entries
        if entry.get("subresource") != "status" and entry.get("apiVersion") == live["apiVersion"]
    ]


def deliverer(live: dict) -> Manager | None:
    """What a delivery applied; None if none has, or not from the server's side."""
    return next((manager for manager in managers(live) if _is_ours(manager)), None)


def former(live: dict) -> list[Manager]:
    """What was applied, from kubectl's side or by other programs, before the first delivery."""
    return [] if deliverer(live) else [manager for manager in managers(live) if _applied_before(manager)]


def people(live: dict) -> list[Manager]:
    """What people changed of an object that deliveries apply; none of others'."""
    earlier = former(live)
    if deliverer(live) is None and not earlier:
        return []
    return [manager for manager in managers(live) if _is_person(manager) and manager not in earlier]


def others(live: dict) -> list[Manager]:
    """All that is no delivery's."""
    earlier = former(live)
    return [manager for manager in managers(live) if not _is_ours(manager) and manager not in earlier]


def _is_ours(manager: Manager) -> bool:
    return manager.name == MANAGER and manager.applies and manager.is_on_object


def _applied_before(manager: Manager) -> bool:
    by_kubectl = manager.name in _FORMER and not manager.applies
    return by_kubectl or bool(_DEPLOYERS.fullmatch(manager.name) and manager.is_on_object)


def _is_person(manager: Manager) -> bool:
    known = _PEOPLE.fullmatch(manager.name) or _DEPLOYERS.fullmatch(manager.name)
    return bool(known) and manager.name not in _MAKERS and manager.is_on_object and bool(manager.configured)
