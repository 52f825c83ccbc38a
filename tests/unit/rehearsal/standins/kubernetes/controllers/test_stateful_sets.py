"""StatefulSets: order, identity, volumes and updates from the top."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import (
    CONTROLLER_REVISION,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    STATEFUL_SET,
)
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import set_image, set_spec, template

CLAIM = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}


def _spec(image: str = "v1", replicas: int = 3, **rest) -> dict:
    selector = {"matchLabels": {"app": "cache"}}
    base = {"replicas": replicas, "serviceName": "cache", "selector": selector}
    return base | {"template": template(image, "cache"), "volumeClaimTemplates": [CLAIM]} | rest


@pytest.fixture
def cache(cluster):
    cluster.create(STATEFUL_SET, "cache", spec=_spec())
    return cluster


def _images(cluster) -> dict[str, str]:
    return {pod["metadata"]["name"]: pod["spec"]["containers"][0]["image"] for pod in cluster.all(POD)}


def test_pods_come_one_after_the_other(cache):
    created = [
        text for text in cache.events("SuccessfulCreate") if "Pod cache-" in text and "Claim" not in text
    ]
    assert created == [f"create Pod cache-{number} in StatefulSet cache successful" for number in range(3)]


def test_the_next_pod_waits_until_the_one_before_it_is_ready(cluster):
    cluster.create(STATEFUL_SET, "cache", spec=_spec("sick"))
    assert cluster.names(POD) == ["cache-0"]


def test_parallel_pods_do_not_wait(cluster):
    cluster.create(STATEFUL_SET, "cache", spec=_spec("sick", podManagementPolicy="Parallel"))
    assert cluster.names(POD) == ["cache-0", "cache-1", "cache-2"]


def test_a_pod_has_its_own_name_labels_and_volume(cache):
    pod = cache.get(POD, "cache-1")
    revision = cache.get(STATEFUL_SET, "cache")["status"]["currentRevision"]
    assert pod["metadata"]["labels"] == {
        "app": "cache",
        "apps.kubernetes.io/pod-index": "1",
        "controller-revision-hash": revision,
        "statefulset.kubernetes.io/pod-name": "cache-1",
    }
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("cache-1", "cache")
    assert pod["spec"]["volumes"][0] == {
        "name": "data",
        "persistentVolumeClaim": {"claimName": "data-cache-1"},
    }


def test_the_status_counts_as_a_standard_server_does(cache):
    status = cache.get(STATEFUL_SET, "cache")["status"]
    revision = status.pop("currentRevision")
    assert status == {
        "observedGeneration": 1,
        "replicas": 3,
        "readyReplicas": 3,
        "availableReplicas": 3,
        "currentReplicas": 3,
        "updatedReplicas": 3,
        "updateRevision": revision,
        "collisionCount": 0,
    }


def test_an_update_replaces_pods_from_the_highest_and_makes_the_new_revision_current(cache):
    cache.modify(STATEFUL_SET, "cache", set_image("v2"))
    assert set(_images(cache).values()) == {"v2"}
    deleted = cache.events("SuccessfulDelete")
    assert deleted == [f"delete Pod cache-{number} in StatefulSet cache successful" for number in (2, 1, 0)]
    status = cache.get(STATEFUL_SET, "cache")["status"]
    assert status["currentRevision"] == status["updateRevision"]
    assert [revision["revision"] for revision in cache.all(CONTROLLER_REVISION)] in ([1, 2], [2, 1])


def test_an_update_stops_at_a_pod_that_does_not_become_ready(cache):
    cache.modify(STATEFUL_SET, "cache", set_image("sick"))
    assert _images(cache) == {"cache-0": "v1", "cache-1": "v1", "cache-2": "sick"}
    status = cache.get(STATEFUL_SET, "cache")["status"]
    assert (status["updatedReplicas"], status["readyReplicas"]) == (1, 2)
    assert status["currentRevision"] != status["updateRevision"]


def test_a_partition_keeps_the_lower_pods_on_the_old_revision_even_when_they_are_recreated(cache):
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
    cache.modify(STATEFUL_SET, "cache", set_spec(updateStrategy=strategy))
    cache.modify(STATEFUL_SET, "cache", set_image("v2"))
    cache.delete(POD, "cache-0")
    assert _images(cache) == {"cache-0": "v1", "cache-1": "v1", "cache-2": "v2"}


def test_on_delete_leaves_the_replacement_to_the_person(cache):
    cache.modify(STATEFUL_SET, "cache", set_spec(updateStrategy={"type": "OnDelete"}))
    cache.modify(STATEFUL_SET, "cache", set_image("v2"))
    cache.delete(POD, "cache-1")
    assert _images(cache) == {"cache-0": "v1", "cache-1": "v2", "cache-2": "v1"}


def test_going_back_moves_the_old_revision_up(cache):
    cache.modify(STATEFUL_SET, "cache", set_image("v2"))
    cache.modify(STATEFUL_SET, "cache", set_image("v1"))
    assert len(cache.all(CONTROLLER_REVISION)) == 2
    newest = max(cache.all(CONTROLLER_REVISION), key=lambda revision: revision["revision"])
    assert newest["revision"] == 3
    assert newest["data"]["spec"]["template"]["spec"]["containers"][0]["image"] == "v1"


def test_shrinking_takes_the_highest_pods_and_keeps_their_claims(cache):
    cache.modify(STATEFUL_SET, "cache", set_spec(replicas=1))
    assert cache.names(POD) == ["cache-0"]
    assert cache.names(PERSISTENT_VOLUME_CLAIM) == ["data-cache-0", "data-cache-1", "data-cache-2"]


def test_a_pod_that_comes_back_gets_its_volume_back(cache):
    before = cache.get(PERSISTENT_VOLUME_CLAIM, "data-cache-0")["spec"]["volumeName"]
    cache.delete(POD, "cache-0")
    assert cache.get(PERSISTENT_VOLUME_CLAIM, "data-cache-0")["spec"]["volumeName"] == before


def test_claims_outlive_the_set_unless_it_says_otherwise(cache):
    cache.delete(STATEFUL_SET, "cache")
    assert cache.names(POD) == []
    assert len(cache.names(PERSISTENT_VOLUME_CLAIM)) == 3


def test_claims_go_with_the_set_if_it_says_so(cluster):
    policy = {"whenDeleted": "Delete", "whenScaled": "Retain"}
    cluster.create(STATEFUL_SET, "cache", spec=_spec(persistentVolumeClaimRetentionPolicy=policy))
    cluster.delete(STATEFUL_SET, "cache")
    assert cluster.names(PERSISTENT_VOLUME_CLAIM) == []
    assert cluster.objects.list(PERSISTENT_VOLUME) == []
