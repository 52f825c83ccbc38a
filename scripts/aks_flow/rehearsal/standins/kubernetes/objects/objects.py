"""Every write of an object, from HTTP or from a controller, goes through here; reads are `reading`'s."""

import copy
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Network

from aks_flow.rehearsal.standins.kubernetes import field_management
from aks_flow.rehearsal.standins.kubernetes.admission import admission, pod_admission, policies
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import (
    Cause,
    already_exists,
    forbidden,
    invalid,
    not_found,
)
from aks_flow.rehearsal.standins.kubernetes.field_management import managed_fields
from aks_flow.rehearsal.standins.kubernetes.kinds import definitions, kinds, versions
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind, Kinds
from aks_flow.rehearsal.standins.kubernetes.objects import (
    addresses,
    bootstrap,
    creation,
    deletion,
    names,
    object_meta,
    rules,
    updates,
)
from aks_flow.rehearsal.standins.kubernetes.objects.options import (
    DEFAULT_DELETE,
    DEFAULT_WRITE,
    DeleteOptions,
    WriteOptions,
)
from aks_flow.rehearsal.standins.kubernetes.objects.reading import Reader, deep_copy, shown
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore, key_of


class Objects(Reader):
    """The cluster's objects. Synchronous; what it hands out are copies that the caller may change.

    manager: who signs what is written without a manager's name.
    service_network: where clusterIPs come from; the node sets it as soon as it knows its network.
    certificate: the PEM that every namespace's kube-root-ca.crt holds.
    """

    def __init__(self, store: ObjectStore, registry: Kinds | None = None, certificate: str = ""):
        super().__init__(store)
        self.kinds = registry or kinds.builtin()
        self.certificate = certificate
        self.manager = "kube-apiserver"
        self.service_network: IPv4Network | None = None
        definitions.serve_all(self)
        bootstrap.furnish_cluster(self)

    def acting_as(self, manager: str) -> "Objects":
        """The same objects, signed by somebody else."""
        other = copy.copy(self)
        other.manager = manager
        return other

    def create(self, kind: Kind, obj: dict, options: WriteOptions = DEFAULT_WRITE) -> dict:
        """StatusError 404 or 403 for the namespace, 422 if invalid, 409 if it exists."""
        hub = versions.hub(kind)
        if hub != kind:
            accepted = versions.accept(kind, obj)
            return versions.present(kind, self.create(hub, accepted, options))
        item = deep_copy(obj) | {"kind": kind.kind, "apiVersion": kind.api_version}
        metadata = item.setdefault("metadata", {})
        admission.check_namespace(self.store, kind, metadata)
        self._name(kind, metadata)
        _complete(kind, item)
        entries = options.entries
        if entries is None:
            entries = managed_fields.created(kind, item, options.manager or self.manager)
        creation.prepare(kind, item)
        self._admit(kind, item, None)
        _refuse(kind, item, object_meta.faults(kind, metadata) + rules.faults(kind, None, item))
        if self.store.get(kind.resource, metadata.get("namespace", ""), metadata["name"]):
            raise already_exists(kind, metadata["name"])
        policies.check(self.store, kind, None, item)
        admission.check_limit_ranges(self.store, kind, None, item)
        admission.check_quotas(self.store, self.kinds, kind, None, item)
        managed_fields.put(metadata, entries)
        return self._write(kind, item, options.dry_run)

    def update(
        self, kind: Kind, obj: dict, subresource: str | None = None, options: WriteOptions = DEFAULT_WRITE
    ) -> dict:
        """Replace an object; "status" writes status only, "finalize" a namespace's finalizers only.

        StatusError 404, 409 if metadata.resourceVersion or uid is given and not the current one, 422.
        """
        hub = versions.hub(kind)
        if hub != kind:
            accepted = versions.accept(kind, obj)
            return versions.present(kind, self.update(hub, accepted, subresource, options))
        metadata = obj["metadata"]
        namespace, name = metadata.get("namespace", ""), metadata["name"]
        old = self.get(kind, namespace, name)
        admission.check_preconditions(kind, old, metadata.get("uid"), metadata.get("resourceVersion"))
        _refuse(kind, old, object_meta.immutable_faults(old["metadata"], metadata))
        item = updates.merge(kind, old, deep_copy(obj), subresource)
        if subresource is None:
            _complete_but_status(kind, item)
        entries = options.entries
        if entries is None:
            signer, through = options.manager or self.manager, options.through or subresource or ""
            entries = managed_fields.updated(kind, old, item, signer, through)
        self._check_update(kind, old, item, subresource)
        managed_fields.put(item["metadata"], entries)
        if updates.is_same(old, item):
            return old
        if deletion.finished(kind, item) and not options.dry_run:
            return self._removed(kind, item)
        return self._write(kind, item, options.dry_run)

    def _check_update(self, kind: Kind, old: dict, item: dict, subresource: str | None) -> None:
        if subresource is None:
            self._admit(kind, item, old)
            _refuse(kind, item, object_meta.faults(kind, item["metadata"]) + rules.faults(kind, old, item))
            updates.count(kind, old, item)
            policies.check(self.store, kind, old, item)
            admission.check_limit_ranges(self.store, kind, old, item)
            admission.check_quotas(self.store, self.kinds, kind, old, item)
        elif kind.is_custom:
            _refuse(kind, item, rules.faults(kind, old, item))

    def apply(
        self,
        kind: Kind,
        config: dict,
        options: WriteOptions,
        force: bool = False,
        subresource: str | None = None,
    ) -> tuple[dict, bool]:
        """Server-side apply by the options' manager: the object, and whether it is new.

        force: fields of other managers are taken from them. Raises what ``create`` and ``update`` raise,
        and without force field_management.Conflicts.
        """
        hub = versions.hub(kind)
        if hub != kind:
            accepted = versions.accept(kind, config)
            item, new = self.apply(hub, accepted, options, force, subresource)
            return versions.present(kind, item), new
        live = self.find(kind, *key_of(config)) or {}
        if not live and subresource:
            raise not_found(kind, config["metadata"]["name"])
        author = field_management.Author(options.manager, kind.api_version, subresource or "")
        known = managed_fields.before_apply(kind, live)
        now = times.stamp(times.now())
        item, entries = field_management.applied(kind, live, config, known, author, force, now)
        owned = replace(options, entries=entries)
        if live:
            part = None if subresource == "scale" else subresource
            return self.update(kind, item, part, owned), False
        return self.create(kind, item, owned), True

    def modify(
        self,
        kind: Kind,
        namespace: str,
        name: str,
        change: Callable[[dict], object],
        subresource: str | None = None,
    ) -> dict:
        """Read, call ``change(obj)``, write if something changed. Nothing can come between: one thread."""
        item = self.get(kind, namespace, name)
        change(item)
        return self.update(kind, item, subresource)

    def delete(self, kind: Kind, namespace: str, name: str, options: DeleteOptions = DEFAULT_DELETE) -> dict:
        """Remove an object, or mark it (deletionTimestamp) if a finalizer or a node still needs it."""
        kind = versions.hub(kind)
        item = self.get(kind, namespace, name)
        admission.check_preconditions(kind, item, options.uid, options.resource_version)
        if kind == kinds.NAMESPACE and name in bootstrap.NAMESPACES[:3]:
            raise forbidden(kind, name, "this namespace may not be deleted")
        before = deep_copy(item)
        if not deletion.mark(kind, item, options.grace, options.propagation):
            return before if options.dry_run else self._removed(kind, before)
        return before if item == before else self._write(kind, item, options.dry_run)

    def remove(self, kind: Kind, namespace: str, name: str, uid: str) -> None:
        """The node's word that a pod's containers are gone; finalizers still hold it. Absence is no error."""
        item = self.find(kind, namespace, name)
        if item is None or item["metadata"]["uid"] != uid:
            return
        if deletion.is_held(kind, item):
            if item["metadata"].get("deletionGracePeriodSeconds") != 0:
                item["metadata"]["deletionGracePeriodSeconds"] = 0
                self._write(kind, item, dry_run=False)
        else:
            self._removed(kind, item)

    def discard(self, kind: Kind, namespace: str, name: str) -> None:
        """Remove an object whatever holds it: its definition is gone."""
        self.store.delete(kind.resource, namespace, name)

    def _name(self, kind: Kind, metadata: dict) -> None:
        """A free name from generateName, if there is no name."""
        while not metadata.get("name") and metadata.get("generateName"):
            candidate = names.generate(metadata["generateName"])
            if not self.store.get(kind.resource, metadata.get("namespace", ""), candidate):
                metadata["name"] = candidate

    def _admit(self, kind: Kind, item: dict, old: dict | None) -> None:
        """What is added after the fields that the writer answers for."""
        if kind == kinds.POD:
            pod_admission.admit(self.store, item, old)
            if old is None:  # of what limit ranges have made of it
                item["status"]["qosClass"] = creation.quality(item["spec"])
        if kind == kinds.PERSISTENT_VOLUME_CLAIM and old:
            admission.check_resize(self.store, old, item)
        rules.admit(kind, item)
        if kind == kinds.SERVICE:
            uid = item["metadata"]["uid"]
            others = [
                service for service in self.store.list(kind.resource) if service["metadata"]["uid"] != uid
            ]
            addresses.allocate(item, old, others, self.service_network)

    def _write(self, kind: Kind, item: dict, dry_run: bool) -> dict:
        if dry_run:
            return item
        self.store.put(kind.resource, deep_copy(item))
        written = shown(kind, self.store.get(kind.resource, *key_of(item)))
        self._follow(kind, written)
        return written

    def _follow(self, kind: Kind, item: dict) -> None:
        if kind == kinds.NAMESPACE:
            bootstrap.furnish_namespace(self, item)
        if kind == kinds.CUSTOM_RESOURCE_DEFINITION:
            definitions.serve(self, item)

    def _removed(self, kind: Kind, item: dict) -> dict:
        gone = self.store.delete(kind.resource, *key_of(item))
        if kind == kinds.CUSTOM_RESOURCE_DEFINITION:
            definitions.withdraw(self, gone)
        return shown(kind, gone)


def _complete_but_status(kind: Kind, item: dict) -> None:
    """An update leaves a status as its controller wrote it, a null in it, too."""
    kept = {"status": item.pop("status")} if "status" in kind.subresources and "status" in item else {}
    _complete(kind, item)
    item.update(kept)


def _complete(kind: Kind, item: dict) -> None:
    object_meta.tidy(item["metadata"])
    rules.complete(kind, item)


def _refuse(kind: Kind, item: dict, causes: list[Cause]) -> None:
    if causes:
        raise invalid(kind, item["metadata"].get("name", ""), causes)
