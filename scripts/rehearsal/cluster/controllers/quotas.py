"""ResourceQuotas' status: what their namespace uses of what they limit."""

from collections.abc import Iterable

from scripts.rehearsal.cluster import quotas
from scripts.rehearsal.cluster.admission import quota_items
from scripts.rehearsal.cluster.controllers import owners
from scripts.rehearsal.cluster.kinds import RESOURCE_QUOTA
from scripts.rehearsal.cluster.objects import Objects
from scripts.rehearsal.cluster.watching import Change


class QuotaController:
    name = "resourcequota-controller"

    def __init__(self, objects: Objects):
        self._objects = objects

    def watches(self):
        return {None: self._quotas_of_namespace}

    def _quotas_of_namespace(self, change: Change) -> Iterable[tuple[str, str]]:
        namespace = change.object["metadata"].get("namespace")
        found = self._objects.list(RESOURCE_QUOTA, namespace) if namespace else ()
        return [owners.key(each) for each in found]

    def reconcile(self, key: tuple[str, str]) -> None:
        quota = self._objects.find(RESOURCE_QUOTA, *key)
        if quota is not None:
            items = quota_items(self._objects.store, self._objects.kinds, key[0], quota)
            quota["status"] = quotas.status(quota, quotas.used(quota, items))
            self._objects.update(RESOURCE_QUOTA, quota, subresource="status")
