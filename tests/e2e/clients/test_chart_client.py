"""A release as chart tools make it: applied on the server by one manager, its history in Secrets."""

import json

import pytest
from kubernetes import client

from tests.e2e.cluster import objects

APPLY = "application/apply-patch+yaml"
MANAGER = {"field_manager": "helm", "force": True, "_content_type": APPLY}
RELEASE = {"owner": "helm", "name": "shop"}


@pytest.fixture
def release(core, apps, namespace):
    """Install or upgrade: every object applied, then the release recorded."""

    def make(version: int, **settings: str) -> client.V1Deployment:
        labels = {"app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "shop"}
        config = objects.config_map("shop", **settings)
        template = objects.pod_spec({"name": "a", "image": f"a:{version}"})
        workload = objects.workload("Deployment", "shop", template)
        del workload["spec"]["replicas"]
        for item in (config, workload):
            item["metadata"]["labels"] = labels
        core.patch_namespaced_config_map("shop", namespace, config, **MANAGER)
        deployed = apps.patch_namespaced_deployment("shop", namespace, workload, **MANAGER)
        core.create_namespaced_secret(namespace, record(version))
        return deployed

    return make


def record(version: int) -> dict:
    metadata = {"name": f"sh.helm.release.v1.shop.v{version}", "labels": RELEASE | {"version": str(version)}}
    return objects.secret("", release=json.dumps({"version": version})) | {
        "type": "helm.sh/release.v1",
        "metadata": metadata,
    }


def test_an_upgrade_takes_out_what_the_chart_no_longer_sets_and_leaves_what_others_set(
    release, core, apps, namespace
):
    assert release(1, color="red", size="1").spec.replicas == 1
    apps.patch_namespaced_deployment_scale("shop", namespace, {"spec": {"replicas": 0}})
    core.patch_namespaced_config_map("shop", namespace, {"data": {"by-hand": "x"}})
    upgraded = release(2, color="blue")
    assert core.read_namespaced_config_map("shop", namespace).data == {"color": "blue", "by-hand": "x"}
    assert (upgraded.spec.replicas, upgraded.spec.template.spec.containers[0].image) == (0, "a:2")


def test_a_release_s_history_is_found_by_label_and_type(release, core, namespace):
    release(1)
    release(2)
    selected = core.list_namespaced_secret(
        namespace, label_selector="owner=helm,name=shop", field_selector="type=helm.sh/release.v1"
    )
    assert [item.metadata.labels["version"] for item in selected.items] == ["1", "2"]


def test_an_uninstall_leaves_nothing(release, core, apps, namespace):
    release(1, color="red")
    selector = "app.kubernetes.io/instance=shop"
    core.delete_collection_namespaced_config_map(namespace, label_selector=selector)
    apps.delete_namespaced_deployment("shop", namespace, propagation_policy="Background")
    assert core.list_namespaced_config_map(namespace, label_selector=selector).items == []
