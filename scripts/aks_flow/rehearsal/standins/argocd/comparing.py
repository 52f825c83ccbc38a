"""What git wants against what the cluster has. Pure."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from aks_flow.rehearsal.standins.argocd import health, hooks, merging, names, object_refs, project
from aks_flow.rehearsal.standins.argocd.health import Health
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.kubernetes.defaults.fill import given, objects_in


@dataclass(frozen=True)
class Managed:
    """One object: what git wants (None: nothing any more) and what is there (None: nothing yet).

    ``status``: "" for an object that is skipped, which counts for nothing.
    """

    ref: Ref
    target: dict | None
    live: dict | None
    status: str

    @property
    def prunes(self) -> bool:
        return self.target is None

    @property
    def health(self) -> Health | None:
        return health.of(self.live)

    @property
    def either(self) -> dict:
        return self.target or self.live


def manage(
    targets: Iterable[dict], owned: Iterable[dict], live: Callable[[Ref], dict | None], read: bool
) -> list[Managed]:
    """Every object that git wants or the Application owns, in a stable order.

    read: whether git could be read. If not, nothing can be said of any object.
    """
    targets_by_ref = {object_refs.of(item): item for item in targets}
    live_by_ref = {object_refs.of(item): item for item in owned}
    live_by_ref |= {ref: live_object for ref in targets_by_ref if (live_object := live(ref))}
    return [
        Managed(
            ref,
            targets_by_ref.get(ref),
            live_by_ref.get(ref),
            _status(targets_by_ref.get(ref), live_by_ref.get(ref), read),
        )
        for ref in sorted(targets_by_ref.keys() | live_by_ref.keys())
    ]


def _status(target: dict | None, live: dict | None, read: bool) -> str:
    if not read:
        return names.UNKNOWN
    if _is_skipped(target):
        return ""
    if target is None or live is None or merging.differs(target, live):
        return names.OUT_OF_SYNC
    return names.SYNCED


def _is_skipped(target: dict | None) -> bool:
    return target is not None and hooks.is_skipped(target)


def overall(managed: Iterable[Managed]) -> str:
    """Synced only if every object is. An extra object with the option IgnoreExtraneous does not count."""
    return names.OUT_OF_SYNC if any(map(_counts, managed)) else names.SYNCED


def _counts(item: Managed) -> bool:
    extraneous = item.prunes and "IgnoreExtraneous" in object_refs.options(item.live, names.COMPARE_OPTIONS)
    return item.status == names.OUT_OF_SYNC and not extraneous


def overall_health(managed: Iterable[Managed]) -> str:
    return health.overall((item.live, item.health) for item in managed if not _is_skipped(item.target))


def refused(managed: Iterable[Managed], permits: dict) -> list[Ref]:
    """The wanted objects that the AppProject does not permit."""
    return [item.ref for item in managed if item.target and not project.permits_object(permits, item.target)]


def without_live(managed: Iterable[Managed], refused: Collection[Ref]) -> list[Managed]:
    """The same, but that an object which the AppProject does not permit counts as one that is not there."""
    return [
        replace(item, live=None, status=names.OUT_OF_SYNC) if item.ref in refused else item
        for item in managed
    ]


def shared(managed: Iterable[Managed], application: str) -> list[str]:
    """A sentence for each wanted object that another Application owns."""
    others = ((item.ref, object_refs.owner(item.live)) for item in managed if item.target and item.live)
    return [
        f"{ref.kind}/{ref.name} is part of applications {application} and {owner}"
        for ref, owner in others
        if owner not in ("", application)
    ]


def images(managed: Iterable[Managed]) -> list[str]:
    """Of all containers in the live objects."""
    specs = (spec for item in managed if item.live for spec in _pod_specs(item.live))
    return sorted({box["image"] for spec in specs for box in _containers(spec) if box.get("image")})


def _pod_specs(item: dict) -> Iterable[dict]:
    spec = given(item, "spec")
    job = given(given(spec, "jobTemplate"), "spec")
    return [spec, *(given(given(holder, "template"), "spec") for holder in (spec, job))]


def _containers(spec: dict) -> Iterable[dict]:
    return objects_in(spec, "initContainers", "containers")
