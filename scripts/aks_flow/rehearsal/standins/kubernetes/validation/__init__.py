"""What a standard server refuses, kind by kind. Metadata is the same for all: `objects/object_meta.py`."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.validation import (
    admission_policies,
    autoscalers,
    config,
    ingresses,
    jobs,
    limits,
    network_policies,
    pods,
    policy,
    services,
    storage,
    workloads,
)

_OBJECT = {
    kinds.POD: pods.pod,
    kinds.DEPLOYMENT: workloads.deployment,
    kinds.REPLICA_SET: workloads.replica_set,
    kinds.STATEFUL_SET: workloads.stateful_set,
    kinds.DAEMON_SET: workloads.daemon_set,
    kinds.JOB: jobs.job,
    kinds.CRON_JOB: jobs.cron_job,
    kinds.SERVICE: services.service,
    kinds.ENDPOINTS: services.endpoints,
    kinds.INGRESS: ingresses.ingress,
    kinds.NETWORK_POLICY: network_policies.network_policy,
    kinds.CONFIG_MAP: config.config_map,
    kinds.SECRET: config.secret,
    kinds.HORIZONTAL_POD_AUTOSCALER: autoscalers.autoscaler,
    kinds.POD_DISRUPTION_BUDGET: policy.disruption_budget,
    kinds.LEASE: policy.lease,
    kinds.ROLE: policy.role,
    kinds.CLUSTER_ROLE: policy.cluster_role,
    kinds.ROLE_BINDING: policy.role_binding,
    kinds.CLUSTER_ROLE_BINDING: policy.cluster_role_binding,
    kinds.PRIORITY_CLASS: policy.priority_class,
    kinds.INGRESS_CLASS: ingresses.ingress_class,
    kinds.STORAGE_CLASS: storage.storage_class,
    kinds.PERSISTENT_VOLUME: storage.volume,
    kinds.PERSISTENT_VOLUME_CLAIM: storage.claim,
    kinds.LIMIT_RANGE: limits.limit_range,
    kinds.RESOURCE_QUOTA: limits.quota,
    kinds.VALIDATING_POLICY: admission_policies.policy,
    kinds.VALIDATING_POLICY_BINDING: admission_policies.binding,
}
_CHANGE = {
    kinds.POD: pods.pod_update,
    kinds.DEPLOYMENT: workloads.selector_update,
    kinds.REPLICA_SET: workloads.selector_update,
    kinds.DAEMON_SET: workloads.selector_update,
    kinds.STATEFUL_SET: workloads.stateful_set_update,
    kinds.JOB: jobs.job_update,
    kinds.SERVICE: services.service_update,
    kinds.CONFIG_MAP: config.immutable_update,
    kinds.SECRET: config.secret_update,
    kinds.ROLE_BINDING: policy.role_binding_update,
    kinds.CLUSTER_ROLE_BINDING: policy.role_binding_update,
    kinds.PRIORITY_CLASS: policy.priority_class_update,
    kinds.INGRESS_CLASS: ingresses.ingress_class_update,
    kinds.STORAGE_CLASS: storage.storage_class_update,
    kinds.PERSISTENT_VOLUME: storage.volume_update,
    kinds.PERSISTENT_VOLUME_CLAIM: storage.claim_update,
    kinds.RESOURCE_QUOTA: limits.quota_update,
}
_NEW = {kinds.INGRESS: ingresses.new}


def create(kind: Kind, item: dict) -> list[Cause]:
    """What is wrong with a new object; its types are right and its defaults are filled in."""
    return _faults(kind, item) + (list(_NEW[kind](item)) if kind in _NEW else [])


def update(kind: Kind, old: dict, new: dict) -> list[Cause]:
    """What is wrong with an object, or with changing the old one into it."""
    check = _CHANGE.get(kind)
    return _faults(kind, new) + (list(check(old, new)) if check else [])


def _faults(kind: Kind, item: dict) -> list[Cause]:
    check = _OBJECT.get(kind)
    return list(check(item)) if check else []
