"""Rollouts, whole: the real controllers and objects, pods that become ready at once."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import DEPLOYMENT, POD, REPLICA_SET
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import deployment, set_image, set_spec

REVISION = "deployment.kubernetes.io/revision"


def _annotate(**values):
    return lambda item: item["metadata"].setdefault("annotations", {}).update(values)


def _sizes(cluster) -> dict[str, int]:
    """Image -> size of its replica set."""
    return {
        replica_set["spec"]["template"]["spec"]["containers"][0]["image"]: replica_set["spec"]["replicas"]
        for replica_set in cluster.all(REPLICA_SET)
    }


def _status(cluster) -> dict:
    return {
        key: value for key, value in cluster.get(DEPLOYMENT, "web")["status"].items() if key != "conditions"
    }


def _revisions(cluster) -> dict[str, str]:
    return {
        replica_set["spec"]["template"]["spec"]["containers"][0]["image"]: replica_set["metadata"][
            "annotations"
        ][REVISION]
        for replica_set in cluster.all(REPLICA_SET)
    }


@pytest.fixture
def web(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment(), metadata={"labels": {"app": "web"}})
    return cluster


def test_a_new_deployment_becomes_available(web):
    assert _status(web) == {
        "observedGeneration": 1,
        "replicas": 2,
        "updatedReplicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
        "terminatingReplicas": 0,
    }
    assert web.conditions(DEPLOYMENT, "web") == {
        "Available": ("True", "MinimumReplicasAvailable"),
        "Progressing": ("True", "NewReplicaSetAvailable"),
    }
    web_deployment = web.get(DEPLOYMENT, "web")
    assert web_deployment["metadata"]["annotations"] == {REVISION: "1"}
    assert web_deployment["metadata"]["generation"] == 1


def test_a_replica_set_carries_the_template_hash_and_what_it_was_sized_for(web):
    (replica_set,) = web.all(REPLICA_SET)
    template_hash = replica_set["metadata"]["labels"]["pod-template-hash"]
    assert replica_set["metadata"]["name"] == f"web-{template_hash}"
    assert replica_set["metadata"]["annotations"] == {
        REVISION: "1",
        "deployment.kubernetes.io/desired-replicas": "2",
        "deployment.kubernetes.io/max-replicas": "3",
    }
    assert replica_set["spec"]["selector"]["matchLabels"] == {
        "app": "web",
        "pod-template-hash": template_hash,
    }
    assert all(pod["metadata"]["labels"]["pod-template-hash"] == template_hash for pod in web.all(POD))


def test_a_new_image_replaces_every_pod_and_says_so(web):
    first = web.names(REPLICA_SET)[0]
    web.modify(DEPLOYMENT, "web", set_image("v2"))
    second = next(name for name in web.names(REPLICA_SET) if name != first)
    assert web.images() == ["v2", "v2"]
    assert web.events("ScalingReplicaSet") == [
        f"Scaled up replica set {first} from 0 to 2",
        f"Scaled up replica set {second} from 0 to 1",
        f"Scaled down replica set {first} from 2 to 1",
        f"Scaled up replica set {second} from 1 to 2",
        f"Scaled down replica set {first} from 1 to 0",
    ]
    assert web.get(DEPLOYMENT, "web")["metadata"]["annotations"][REVISION] == "2"


def test_going_back_reuses_the_old_replica_set_under_a_new_revision(web):
    web.modify(DEPLOYMENT, "web", set_image("v2"))
    web.modify(DEPLOYMENT, "web", set_image("v1"))
    assert _sizes(web) == {"v1": 2, "v2": 0}
    assert _revisions(web) == {"v1": "3", "v2": "2"}
    old = next(replica_set for replica_set in web.all(REPLICA_SET) if replica_set["spec"]["replicas"] == 2)
    assert old["metadata"]["annotations"]["deployment.kubernetes.io/revision-history"] == "1"


def test_the_change_cause_is_copied_to_the_replica_set(web):
    web.modify(DEPLOYMENT, "web", _annotate(**{"kubernetes.io/change-cause": "image v1"}))
    (replica_set,) = web.all(REPLICA_SET)
    assert replica_set["metadata"]["annotations"]["kubernetes.io/change-cause"] == "image v1"


def test_an_image_that_never_becomes_ready_leaves_the_old_pods_serving(web):
    web.modify(DEPLOYMENT, "web", set_image("sick"))
    assert _sizes(web) == {"v1": 2, "sick": 1}
    status = _status(web)
    assert (status["availableReplicas"], status["unavailableReplicas"], status["updatedReplicas"]) == (
        2,
        1,
        1,
    )
    assert web.conditions(DEPLOYMENT, "web")["Progressing"] == ("True", "ReplicaSetUpdated")


def test_a_rollout_without_progress_exceeds_its_deadline(web):
    web.modify(DEPLOYMENT, "web", set_image("sick"))
    web.pass_time(595)
    assert web.conditions(DEPLOYMENT, "web")["Progressing"][1] == "ReplicaSetUpdated"
    web.pass_time(10)
    assert web.conditions(DEPLOYMENT, "web")["Progressing"] == ("False", "ProgressDeadlineExceeded")


def test_a_shorter_deadline_counts_from_the_last_progress(web):
    web.modify(DEPLOYMENT, "web", set_image("sick"))
    web.pass_time(20)
    web.modify(DEPLOYMENT, "web", set_spec(progressDeadlineSeconds=5))
    assert web.conditions(DEPLOYMENT, "web")["Progressing"] == ("False", "ProgressDeadlineExceeded")


def test_a_broken_rollout_does_not_block_the_one_that_repairs_it(web):
    web.modify(DEPLOYMENT, "web", set_image("sick"))
    web.modify(DEPLOYMENT, "web", set_image("v2"))
    assert _sizes(web) == {"v1": 0, "sick": 0, "v2": 2}
    assert web.conditions(DEPLOYMENT, "web")["Progressing"] == ("True", "NewReplicaSetAvailable")


def test_scaling_changes_the_current_replica_set_only(web):
    web.modify(DEPLOYMENT, "web", set_spec(replicas=5))
    assert _sizes(web) == {"v1": 5}
    (replica_set,) = web.all(REPLICA_SET)
    assert replica_set["metadata"]["annotations"]["deployment.kubernetes.io/max-replicas"] == "7"
    assert _status(web)["availableReplicas"] == 5


def test_scaling_to_zero_is_available_and_complete(web):
    web.modify(DEPLOYMENT, "web", set_spec(replicas=0))
    assert web.all(POD) == []
    assert web.conditions(DEPLOYMENT, "web")["Available"] == ("True", "MinimumReplicasAvailable")


def test_scaling_in_the_middle_of_a_rollout_keeps_the_proportions(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment(replicas=10))
    cluster.modify(DEPLOYMENT, "web", set_image("sick"))
    assert _sizes(cluster) == {"v1": 8, "sick": 5}
    cluster.modify(DEPLOYMENT, "web", set_spec(replicas=20))
    assert _sizes(cluster) == {"v1": 15, "sick": 10}


def test_a_paused_deployment_scales_but_does_not_roll_out(web):
    web.modify(DEPLOYMENT, "web", set_spec(paused=True))
    web.modify(DEPLOYMENT, "web", set_image("v2"))
    web.modify(DEPLOYMENT, "web", set_spec(replicas=3))
    assert web.images() == ["v1", "v1", "v1"]
    assert web.conditions(DEPLOYMENT, "web")["Progressing"] == ("Unknown", "DeploymentPaused")
    web.modify(DEPLOYMENT, "web", lambda item: item["spec"].pop("paused"))
    assert web.images() == ["v2", "v2", "v2"]
    assert web.conditions(DEPLOYMENT, "web")["Progressing"] == ("True", "NewReplicaSetAvailable")


def test_recreate_waits_until_the_last_old_pod_is_gone(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment(strategy={"type": "Recreate"}))
    cluster.kubelet.stalled = True
    cluster.modify(DEPLOYMENT, "web", set_image("v2"))
    assert cluster.images() == ["v1", "v1"]
    cluster.kubelet.end_deleted_pods()
    cluster.settle()
    assert cluster.images() == ["v2", "v2"]


def test_min_ready_seconds_hold_back_the_next_step(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment(minReadySeconds=10))
    assert _status(cluster).get("availableReplicas", 0) == 0
    cluster.pass_time(11)
    assert _status(cluster)["availableReplicas"] == 2
    cluster.modify(DEPLOYMENT, "web", set_image("v2"))
    assert cluster.images() == ["v1", "v1", "v2"]
    cluster.pass_time(11)
    cluster.pass_time(11)
    assert cluster.images() == ["v2", "v2"]


def test_old_replica_sets_beyond_the_history_limit_are_deleted(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment(revisionHistoryLimit=1))
    for image in ("v2", "v3", "v4"):
        cluster.modify(DEPLOYMENT, "web", set_image(image))
    assert _sizes(cluster) == {"v3": 0, "v4": 2}


def test_a_name_that_is_taken_changes_the_hash(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment())
    (made,) = cluster.all(REPLICA_SET)
    cluster.delete(DEPLOYMENT, "web", propagation="Orphan")
    cluster.modify(REPLICA_SET, made["metadata"]["name"], _disguise)
    cluster.create(DEPLOYMENT, "web", spec=deployment())
    assert cluster.get(DEPLOYMENT, "web")["status"]["collisionCount"] == 1
    assert len(set(cluster.names(REPLICA_SET))) == 2


def _disguise(replica_set: dict) -> None:
    """No Deployment's any more: other labels, so it will not be adopted."""
    replica_set["metadata"]["labels"] = {"app": "other"}


def test_an_orphaned_replica_set_is_adopted_with_its_pods(web):
    pods = web.names(POD)
    web.delete(DEPLOYMENT, "web", propagation="Orphan")
    assert web.names(POD) == pods
    web.create(DEPLOYMENT, "web", spec=deployment())
    assert web.names(POD) == pods
    assert len(web.all(REPLICA_SET)) == 1


def test_deleting_a_deployment_takes_its_replica_sets_and_pods(web):
    web.delete(DEPLOYMENT, "web")
    assert (web.all(REPLICA_SET), web.all(POD)) == ([], [])


def test_a_restarted_process_finishes_the_rollout(web):
    web.stop()
    web.objects.modify(DEPLOYMENT, "shop", "web", set_image("v2"))
    web.start()
    web.settle()
    assert web.images() == ["v2", "v2"]


def test_a_cluster_at_rest_writes_nothing(web):
    revision = web.objects.store.revision
    web.stop()
    web.start()
    web.settle()
    assert web.objects.store.revision == revision
