"""The `kubernetes` package works as on any cluster: its models hold every answer to be what they are."""

import pytest
from kubernetes import client, dynamic, utils, watch
from kubernetes.client import ApiException

from tests.e2e.cluster import objects
from tests.e2e.demo import Demo

APPLY = "application/apply-patch+yaml"
# Everything that a busy cluster holds; the client refuses an answer that lacks what its models require.
LISTED = [
    ("CoreV1Api", "list_node"),
    ("CoreV1Api", "list_namespace"),
    ("CoreV1Api", "list_pod_for_all_namespaces"),
    ("CoreV1Api", "list_service_for_all_namespaces"),
    ("CoreV1Api", "list_event_for_all_namespaces"),
    ("CoreV1Api", "list_service_account_for_all_namespaces"),
    ("CoreV1Api", "list_persistent_volume_claim_for_all_namespaces"),
    ("AppsV1Api", "list_deployment_for_all_namespaces"),
    ("AppsV1Api", "list_replica_set_for_all_namespaces"),
    ("AppsV1Api", "list_stateful_set_for_all_namespaces"),
    ("BatchV1Api", "list_job_for_all_namespaces"),
    ("BatchV1Api", "list_cron_job_for_all_namespaces"),
    ("AutoscalingV1Api", "list_horizontal_pod_autoscaler_for_all_namespaces"),
    ("AutoscalingV2Api", "list_horizontal_pod_autoscaler_for_all_namespaces"),
    ("PolicyV1Api", "list_pod_disruption_budget_for_all_namespaces"),
    ("DiscoveryV1Api", "list_endpoint_slice_for_all_namespaces"),
    ("NetworkingV1Api", "list_network_policy_for_all_namespaces"),
    ("CoordinationV1Api", "list_lease_for_all_namespaces"),
    ("StorageV1Api", "list_storage_class"),
    ("ApiextensionsV1Api", "list_custom_resource_definition"),
    ("RbacAuthorizationV1Api", "list_role_for_all_namespaces"),
]
BUSY = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: 0 3 * * *
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}}
"""


def config_map(**data: str) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": data}


def refusal(action, *arguments, **options) -> ApiException:
    with pytest.raises(ApiException) as caught:
        action(*arguments, **options)
    return caught.value


def test_every_list_of_a_busy_cluster_is_what_the_models_require(api, kubectl, namespace, demo: Demo):
    objects.apply(
        kubectl,
        namespace,
        objects.workload("Deployment", "web", objects.pod_spec(objects.web(demo["v1"]))),
        objects.service("web"),
    )
    kubectl.ok("apply", "--namespace", namespace, "-f", "-", stdin=BUSY)
    kubectl.ok("rollout", "status", "deployment/web", "--namespace", namespace, "--timeout=60s")
    found = {(group, method): getattr(getattr(client, group)(api), method)() for group, method in LISTED}
    assert found["AppsV1Api", "list_deployment_for_all_namespaces"].items
    assert found["AutoscalingV1Api", "list_horizontal_pod_autoscaler_for_all_namespaces"].items
    (pod,) = client.CoreV1Api(api).list_namespaced_pod(namespace, label_selector="app=web").items
    assert (pod.status.phase, pod.status.container_statuses[0].ready) == ("Running", True)
    log = client.CoreV1Api(api).read_namespaced_pod_log(pod.metadata.name, namespace)
    assert "listening v1" in log


def test_an_object_is_created_read_patched_replaced_and_deleted(core, namespace):
    created = core.create_namespaced_config_map(namespace, config_map(k="v"))
    assert created.metadata.uid
    patched = core.patch_namespaced_config_map("c", namespace, {"data": {"m": "x", "k": None}})
    assert patched.data == {"m": "x"}
    patched.data = {"n": "y"}
    assert core.replace_namespaced_config_map("c", namespace, patched).data == {"n": "y"}
    stale = refusal(core.replace_namespaced_config_map, "c", namespace, created)
    assert (stale.status, stale.reason) == (409, "Conflict")
    core.delete_namespaced_config_map("c", namespace)
    assert refusal(core.read_namespaced_config_map, "c", namespace).status == 404


def test_a_json_patch_is_told_from_a_merge_by_its_form(core, namespace):
    core.create_namespaced_config_map(namespace, config_map(k="v"))
    change = [{"op": "replace", "path": "/data/k", "value": "w"}]
    assert core.patch_namespaced_config_map("c", namespace, change).data == {"k": "w"}


def test_a_watch_tells_what_happens_after_a_list(core, namespace):
    seen = core.list_namespaced_config_map(namespace).metadata.resource_version
    core.create_namespaced_config_map(namespace, config_map(k="v"))
    core.delete_namespaced_config_map("c", namespace)
    watched = watch.Watch().stream(
        core.list_namespaced_config_map, namespace, resource_version=seen, timeout_seconds=30
    )
    events = [next(watched), next(watched)]
    found = [(event["type"], event["object"].metadata.name) for event in events]
    assert found == [("ADDED", "c"), ("DELETED", "c")]


def test_what_is_invalid_is_explained(core, namespace):
    answer = refusal(core.create_namespaced_config_map, namespace, config_map() | {"metadata": {"name": "C"}})
    assert answer.status == 422
    assert "a lowercase RFC 1123 subdomain" in answer.body


def test_managers_conflict_and_can_be_forced(core, namespace):
    def apply(manager: str, force: bool = False, **data: str):
        return core.patch_namespaced_config_map(
            *("c", namespace, config_map(**data)),
            field_manager=manager,
            force=force,
            _content_type=APPLY,
        )

    assert apply("one", k="v").data == {"k": "v"}
    refused = refusal(apply, "two", k="w")
    assert refused.status == 409
    assert 'conflict with \\"one\\": .data.k' in refused.body
    forced = apply("two", force=True, k="w")
    assert [entry.manager for entry in forced.metadata.managed_fields] == ["two"]


def test_the_dynamic_client_finds_its_way(api, namespace, tmp_path):
    found = dynamic.DynamicClient(api)
    deployments = found.resources.get(api_version="apps/v1", kind="Deployment")
    body = objects.workload("Deployment", "idle", objects.pod_spec({"name": "a", "image": "a"}), replicas=0)
    applied = deployments.server_side_apply(body=body, namespace=namespace, field_manager="py")
    assert applied.spec.replicas == 0
    assert [item.metadata.name for item in deployments.get(namespace=namespace).items] == ["idle"]
    deployments.delete(name="idle", namespace=namespace)


def test_a_manifest_can_be_created_from_yaml(api, core, namespace, tmp_path):
    file = tmp_path / "c.yaml"
    file.write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}}")
    utils.create_from_yaml(api, str(file), namespace=namespace)
    assert core.read_namespaced_config_map("c", namespace).data == {"k": "v"}
