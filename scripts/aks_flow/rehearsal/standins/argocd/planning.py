"""The order of a sync, and what it may take away. Pure."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from aks_flow.rehearsal.standins.argocd import hooks, names, object_refs
from aks_flow.rehearsal.standins.argocd.comparing import Managed

# What others need comes first; kinds that are not named here come last.
_ORDER = (
    *("Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodDisruptionBudget", "ServiceAccount"),
    *("Secret", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim"),
    *("CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Service"),
    *("DaemonSet", "Pod", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job"),
    *("CronJob", "Ingress"),
)
_PLACE = {kind: place for place, kind in enumerate(_ORDER)}
NO_PRUNE, CONFIRM, LAST = "Prune=false", "Prune=confirm", "PruneLast=true"


@dataclass(frozen=True)
class Removal:
    """An object that git no longer has; ``kept``: why it stays nevertheless, "" if it goes."""

    live: dict
    kept: str = ""


def wave(item: dict) -> int:
    """0 for an object without the annotation, or with one that is no number; of a chart's hook its weight."""
    for key in (names.SYNC_WAVE, names.HELM_WEIGHT):
        with suppress(ValueError):
            return int(object_refs.annotation(item, key))
    return 0


@dataclass
class SyncStep:
    """What is done together: the removals first, then the hooks and the objects."""

    phase: str
    wave: int
    removals: list[Removal] = field(default_factory=list)
    hooks: list[dict] = field(default_factory=list)
    objects: list[dict] = field(default_factory=list)


def steps(
    targets: Iterable[dict], hook_objects: Iterable[dict], gone: Iterable[Removal], prune_last: bool = False
) -> list[SyncStep]:
    """A sync, step by step. Every hook is to have one phase; those of a failed sync are left out."""
    by_moment: dict[tuple[int, int], SyncStep] = {}

    def at(phase: str, number: int) -> SyncStep:
        return by_moment.setdefault((hooks.PHASES.index(phase), number), SyncStep(phase, number))

    for hook in hook_objects:
        [phase] = hooks.phases(hook)
        if phase in hooks.PHASES:
            at(phase, wave(hook)).hooks.append(hook)
    for target in targets:
        at(hooks.SYNC, wave(target)).objects.append(target)
    for number, removal in _moments(list(gone), [wave(target) for target in targets], prune_last):
        at(hooks.SYNC, number).removals.append(removal)
    return [_sorted(by_moment[moment]) for moment in sorted(by_moment)]


def _moments(gone: list[Removal], applied: list[int], prune_last: bool) -> Iterable[tuple[int, Removal]]:
    """The wave in which each removal comes: their own waves in reverse, among what is applied.

    With PruneLast after all others.
    """
    numbers = sorted({wave(removal.live) for removal in gone})
    mirrored = dict(zip(numbers, reversed(numbers), strict=True))
    last = max([0, *applied, *numbers]) + 1
    for removal in gone:
        is_last = prune_last or LAST in object_refs.options(removal.live, names.SYNC_OPTIONS)
        yield last if is_last else mirrored[wave(removal.live)], removal


def _sorted(step: SyncStep) -> SyncStep:
    step.removals.sort(key=lambda removal: _place(removal.live), reverse=True)
    step.hooks.sort(key=_place)
    step.objects.sort(key=_place)
    return step


def _place(item: dict) -> tuple:
    return wave(item), _PLACE.get(item["kind"], len(_ORDER)), item["kind"], item["metadata"]["name"]


def removals(managed: list[Managed], prune: bool) -> list[Removal]:
    """What git no longer has."""
    return [Removal(item.live, _kept(item.live, prune)) for item in managed if item.prunes]


def to_be_confirmed(step: SyncStep) -> list[dict]:
    """What a person must agree to before it is removed."""
    lives = (removal.live for removal in step.removals if not removal.kept)
    return [live for live in lives if CONFIRM in object_refs.options(live, names.SYNC_OPTIONS)]


def _kept(live: dict, prune: bool) -> str:
    if not prune:
        return "ignored (requires pruning)"
    return "ignored (no prune)" if NO_PRUNE in object_refs.options(live, names.SYNC_OPTIONS) else ""


def chosen(managed: list[Managed], resources: list[dict]) -> list[Managed]:
    """What an operation is about: the resources it names, or all if it names none."""
    return [item for item in managed if not resources or any(_names(fields, item) for fields in resources)]


def _names(fields: dict, item: Managed) -> bool:
    """A resource without a namespace is meant in any: Argo CD's own self-heal names none."""
    ref = object_refs.of_fields(fields)
    same = (ref.group, ref.kind, ref.name) == (item.ref.group, item.ref.kind, item.ref.name)
    return same and ref.namespace in ("", item.ref.namespace)
