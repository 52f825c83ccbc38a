"""Which object is meant: its group, kind, namespace and name, and the tracking id that says whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from aks_flow.rehearsal.standins.argocd import names


@dataclass(frozen=True, order=True)
class Ref:
    """``namespace`` is "" for objects of the whole cluster."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        """``apps/Deployment/shop-dev/web``, as Argo CD's messages name objects."""
        return "/".join((self.group, self.kind, self.namespace, self.name))

    def fields(self) -> dict:
        """As a resource's status names it; empty texts are left out."""
        given = {"group": self.group, "kind": self.kind, "namespace": self.namespace, "name": self.name}
        return {key: value for key, value in given.items() if value}


def of(item: dict) -> Ref:
    metadata = item["metadata"]
    name = metadata.get("name") or metadata.get("generateName", "")
    return Ref(group(item), item["kind"], metadata.get("namespace", ""), name)


def group(item: dict) -> str:
    return item["apiVersion"].rpartition("/")[0]


def of_fields(fields: dict) -> Ref:
    """The object that an entry of ``status.resources`` or of an operation's ``resources`` names."""
    return Ref(fields.get("group", ""), fields["kind"], fields.get("namespace", ""), fields["name"])


def annotation(item: dict, name: str) -> str:
    return (item["metadata"].get("annotations") or {}).get(name, "")


def tracking_id(application: str, ref: Ref) -> str:
    return f"{application}:{ref.group}/{ref.kind}:{ref.namespace}/{ref.name}"


def owner(item: dict) -> str:
    """The Application that tracks an object, or "".

    The id names the object too, because controllers copy annotations: a Deployment's to its ReplicaSets.
    """
    tracked = annotation(item, names.TRACKING_ID)
    application = tracked.partition(":")[0]
    return application if tracked == tracking_id(application, of(item)) else ""


def options(item: dict, annotation_name: str) -> frozenset[str]:
    """``Prune=false,Validate=false`` -> both."""
    return frozenset(
        option.strip() for option in annotation(item, annotation_name).split(",") if option.strip()
    )
