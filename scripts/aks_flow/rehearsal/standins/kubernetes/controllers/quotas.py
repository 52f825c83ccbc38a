"""ResourceQuotas' status: what their namespace uses of what they limit."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.admission import quotas
from aks_flow.rehearsal.standins.kubernetes.admission.admission import quota_items
from aks_flow.rehearsal.standins.kubernetes.controllers import owners
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import RESOURCE_QUOTA
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange


class QuotaController:
    name = "resourcequota-controller"

    def __init__(self, objects: Objects):
        self._objects = objects

    def watches(self):
        return {None: self._quotas_of_namespace}

    def _quotas_of_namespace(self, change: ObjectChange) -> Iterable[tuple[str, str]]:
        namespace = change.object["metadata"].get("namespace")
        listed = self._objects.list(RESOURCE_QUOTA, namespace) if namespace else ()
        return [owners.key(quota) for quota in listed]

    def reconcile(self, key: tuple[str, str]) -> None:
        quota = self._objects.find(RESOURCE_QUOTA, *key)
        if quota is not None:
            items = quota_items(self._objects.store, self._objects.kinds, key[0], quota)
            quota["status"] = quotas.status(quota, quotas.used(quota, items))
            self._objects.update(RESOURCE_QUOTA, quota, subresource="status")
