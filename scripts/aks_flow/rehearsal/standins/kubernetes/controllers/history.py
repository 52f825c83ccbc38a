"""ControllerRevisions: the templates that a StatefulSet or DaemonSet has had, newest last.

``kubectl rollout history`` and ``undo`` read them; their data is a patch that puts a template back.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.controllers import owners
from aks_flow.rehearsal.standins.kubernetes.controllers.template_hash import fingerprint
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import CONTROLLER_REVISION, Kind
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

HASH = "controller.kubernetes.io/hash"
POD_HASH = "controller-revision-hash"


@dataclass(frozen=True)
class ControllerRevision:
    """name: of the ControllerRevision; hash: its last part; template: the pods' template then."""

    name: str
    hash: str
    template: dict


def record(objects: Objects, kind: Kind, owner: dict) -> ControllerRevision:
    """The revision of the owner's template: found, moved up to be the newest, or made."""
    known, data = _known(objects, owner), _data(owner["spec"]["template"])
    same = next((revision for revision in known if revision["data"] == data), None)
    newest = max((revision["revision"] for revision in known), default=0)
    if same is None:
        same = _create(objects, kind, owner, data, newest + 1)
    elif same["revision"] != newest:
        same["revision"] = newest + 1
        same = objects.update(CONTROLLER_REVISION, same)
    return _revision(same)


def find(objects: Objects, owner: dict, name: str) -> ControllerRevision | None:
    return next(
        (_revision(revision) for revision in _known(objects, owner) if revision["metadata"]["name"] == name),
        None,
    )


def trim(objects: Objects, owner: dict, live: Collection[str], pods: Iterable[dict]) -> None:
    """Delete the oldest revisions beyond the limit that are not live and that no pod has."""
    used = {(pod["metadata"].get("labels") or {}).get(POD_HASH) for pod in pods}
    spare = [
        revision
        for revision in _known(objects, owner)
        if revision["metadata"]["name"] not in live
        and not used & {revision["metadata"]["name"], _hash(revision)}
    ]
    surplus = len(spare) - owner["spec"].get("revisionHistoryLimit", 10)
    for revision in spare[: max(0, surplus)]:
        objects.delete(CONTROLLER_REVISION, *owners.key(revision))


def _known(objects: Objects, owner: dict) -> list[dict]:
    revisions = objects.list(CONTROLLER_REVISION, owner["metadata"]["namespace"])
    return sorted(
        (revision for revision in revisions if owners.controlled_by(revision, owner)),
        key=lambda revision: revision["revision"],
    )


def _data(template: dict) -> dict:
    return {"spec": {"template": template | {"$patch": "replace"}}}


def _create(objects: Objects, kind: Kind, owner: dict, data: dict, number: int) -> dict:
    namespace, name = owners.key(owner)
    collisions = None
    while objects.find(CONTROLLER_REVISION, namespace, f"{name}-{fingerprint(data, collisions)}"):
        collisions = (collisions or 0) + 1
    suffix = fingerprint(data, collisions)
    labels = owner["spec"]["template"]["metadata"].get("labels") or {}
    metadata = {
        "name": f"{name}-{suffix}",
        "namespace": namespace,
        "labels": labels | {HASH: suffix, POD_HASH: suffix},
        "annotations": owner["metadata"].get("annotations") or {},
        "ownerReferences": [owners.reference(kind, owner)],
    }
    return objects.create(CONTROLLER_REVISION, {"metadata": metadata, "data": data, "revision": number})


def _revision(item: dict) -> ControllerRevision:
    template = {key: value for key, value in item["data"]["spec"]["template"].items() if key != "$patch"}
    return ControllerRevision(item["metadata"]["name"], _hash(item), template)


def _hash(item: dict) -> str:
    return item["metadata"]["labels"][HASH]
