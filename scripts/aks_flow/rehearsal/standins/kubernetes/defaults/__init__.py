"""What a standard server fills in, kind by kind."""

from aks_flow.rehearsal.standins.kubernetes.defaults import labels, pods, policy, services, storage, workloads
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.schema import models
from aks_flow.rehearsal.standins.kubernetes.schema.normalize import normalize

_BY_KIND = {
    kinds.NAMESPACE: labels.namespace,
    kinds.POD: pods.pod,
    kinds.POD_TEMPLATE: pods.template,
    kinds.DEPLOYMENT: workloads.deployment,
    kinds.REPLICA_SET: workloads.replica_set,
    kinds.REPLICATION_CONTROLLER: workloads.replication_controller,
    kinds.STATEFUL_SET: workloads.stateful_set,
    kinds.DAEMON_SET: workloads.daemon_set,
    kinds.JOB: workloads.job,
    kinds.CRON_JOB: workloads.cron_job,
    kinds.SERVICE: services.service,
    kinds.ENDPOINTS: services.endpoints,
    kinds.ENDPOINT_SLICE: services.endpoint_slice,
    kinds.NETWORK_POLICY: services.network_policy,
    kinds.SECRET: storage.secret,
    kinds.PERSISTENT_VOLUME_CLAIM: storage.claim,
    kinds.PERSISTENT_VOLUME: storage.volume,
    kinds.STORAGE_CLASS: storage.storage_class,
    kinds.HORIZONTAL_POD_AUTOSCALER: policy.autoscaler,
    kinds.ROLE_BINDING: policy.role_binding,
    kinds.CLUSTER_ROLE_BINDING: policy.role_binding,
    kinds.PRIORITY_CLASS: policy.priority_class,
    kinds.LIMIT_RANGE: policy.limit_range,
}


_ADMITTED = {kinds.POD: pods.admitted, kinds.SERVICE: services.allocated}


def admit(kind: Kind, item: dict) -> None:
    """What admission and allocation, and not whoever writes, add to an object."""
    if admitted := _ADMITTED.get(kind):
        admitted(item)


def apply(kind: Kind, item: dict) -> None:
    """Complete an object of a built-in kind in place and bring it into the form that is stored."""
    if model := models.model_name(kind):
        normalize(model, item)
    if complete := _BY_KIND.get(kind):
        complete(item)
