"""Which replica set is a Deployment's current one, and the annotations that record its revisions."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.controllers import owners
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.strategy import ReplicaTarget
from aks_flow.rehearsal.standins.kubernetes.controllers.template_hash import fingerprint
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
_HISTORY = "deployment.kubernetes.io/revision-history"
_DESIRED = "deployment.kubernetes.io/desired-replicas"
_MAXIMUM = "deployment.kubernetes.io/max-replicas"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
# What belongs to the Deployment or to one replica set alone, so is not copied between them.
_OWN = frozenset((REVISION, _HISTORY, _DESIRED, _MAXIMUM, _LAST_APPLIED))


def find_current(deployment: dict, sets: Iterable[dict]) -> dict | None:
    """The oldest set with the Deployment's template: after an undo that is a set from before."""
    template = _plain(deployment["spec"]["template"])
    same = [replica_set for replica_set in sets if _plain(replica_set["spec"]["template"]) == template]
    return min(same, key=lambda replica_set: replica_set["metadata"]["creationTimestamp"], default=None)


def _plain(template: dict) -> dict:
    metadata = dict(template.get("metadata") or {})
    metadata["labels"] = {key: value for key, value in (metadata.get("labels") or {}).items() if key != HASH}
    return template | {"metadata": {key: value for key, value in metadata.items() if value}}


def revision(item: dict) -> int:
    return int(annotations(item).get(REVISION, 0))


def annotations(item: dict) -> dict[str, str]:
    return item["metadata"].get("annotations") or {}


def next_revision(others: Iterable[dict]) -> int:
    return max(map(revision, others), default=0) + 1


def size_annotations(target: ReplicaTarget) -> dict[str, str]:
    return {_DESIRED: str(target.replicas), _MAXIMUM: str(target.ceiling)}


def recorded_size(item: dict) -> tuple[int | None, int | None]:
    """(replicas, ceiling) for which a set was sized, by its annotations; None for one that it lacks."""
    values = (annotations(item).get(_DESIRED), annotations(item).get(_MAXIMUM))
    desired, ceiling = (int(value) if value else None for value in values)
    return desired, ceiling


def synced_annotations(deployment: dict, current: dict, number: int) -> dict[str, str]:
    """The current set's annotations: the Deployment's (change-cause included), and a growing revision."""
    before = annotations(current)
    after = before | {key: value for key, value in annotations(deployment).items() if key not in _OWN}
    earlier = before.get(REVISION)
    if int(earlier or 0) < number:
        after[REVISION] = str(number)
        if earlier:
            history = [entry for entry in before.get(_HISTORY, "").split(",") if entry]
            after[_HISTORY] = ",".join((*history, earlier))
    return after


def new_set(deployment: dict, target: ReplicaTarget, size: int, number: int) -> dict:
    """A replica set for the Deployment's template."""
    metadata, spec = deployment["metadata"], deployment["spec"]
    template_hash = fingerprint(spec["template"], deployment.get("status", {}).get("collisionCount"))
    template = spec["template"] | {"metadata": dict(spec["template"].get("metadata") or {})}
    labels = (template["metadata"].get("labels") or {}) | {HASH: template_hash}
    template["metadata"]["labels"] = labels
    matched = spec["selector"].get("matchLabels") or {}
    return {
        "metadata": {
            "name": f"{metadata['name']}-{template_hash}",
            "namespace": metadata["namespace"],
            "labels": labels,
            "annotations": synced_annotations(deployment, {"metadata": {}}, number)
            | size_annotations(target),
            "ownerReferences": [owners.reference(kinds.DEPLOYMENT, deployment)],
        },
        "spec": {
            "replicas": size,
            "selector": spec["selector"] | {"matchLabels": matched | {HASH: template_hash}},
            "template": template,
        }
        | {key: spec[key] for key in ("minReadySeconds",) if key in spec},
    }
