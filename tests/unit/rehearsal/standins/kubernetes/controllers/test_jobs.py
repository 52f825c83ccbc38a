"""Jobs: run to the end, count each end once, give up in time."""

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import JOB, POD
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import set_spec, template


def _spec(image: str = "done", **rest) -> dict:
    return {"template": template(image, "m", restartPolicy="Never")} | rest


def test_a_job_completes_when_its_pod_succeeds(cluster):
    cluster.create(JOB, "migrate", spec=_spec())
    status = cluster.get(JOB, "migrate")["status"]
    assert cluster.conditions(JOB, "migrate") == {
        "SuccessCriteriaMet": ("True", "CompletionsReached"),
        "Complete": ("True", "CompletionsReached"),
    }
    assert (status["succeeded"], status["ready"], status["terminating"]) == (1, 0, 0)
    assert status["uncountedTerminatedPods"] == {}
    assert status["startTime"] <= status["completionTime"]
    assert cluster.events("Completed") == ["Job completed"]


def test_a_running_job_says_how_many_pods_are_active(cluster):
    cluster.create(JOB, "migrate", spec=_spec("v1", parallelism=2, completions=4))
    status = cluster.get(JOB, "migrate")["status"]
    assert {key: status.get(key) for key in ("active", "ready", "succeeded")} == {
        "active": 2,
        "ready": 2,
        "succeeded": None,
    }


def test_as_many_pods_succeed_as_completions_ask(cluster):
    cluster.create(JOB, "migrate", spec=_spec(parallelism=2, completions=5))
    assert cluster.get(JOB, "migrate")["status"]["succeeded"] == 5
    assert len(cluster.all(POD)) == 5


def test_pods_keep_no_finalizer_once_they_are_counted(cluster):
    cluster.create(JOB, "migrate", spec=_spec())
    assert not cluster.all(POD)[0]["metadata"].get("finalizers")


def test_a_failed_pod_is_replaced_later_and_later_until_the_limit(cluster):
    cluster.create(JOB, "migrate", spec=_spec("bad", backoffLimit=2))
    assert len(cluster.all(POD)) == 1
    cluster.pass_time(11)
    assert len(cluster.all(POD)) == 2
    cluster.pass_time(11)
    assert len(cluster.all(POD)) == 2
    cluster.pass_time(10)
    assert cluster.get(JOB, "migrate")["status"]["failed"] == 3
    assert cluster.conditions(JOB, "migrate")["Failed"] == ("True", "BackoffLimitExceeded")
    assert cluster.events("BackoffLimitExceeded") == ["Job has reached the specified backoff limit"]


def test_a_deadline_ends_the_job_and_its_pods(cluster):
    cluster.create(JOB, "migrate", spec=_spec("v1", activeDeadlineSeconds=60))
    cluster.pass_time(61)
    assert cluster.all(POD) == []
    assert cluster.conditions(JOB, "migrate")["Failed"] == ("True", "DeadlineExceeded")
    assert cluster.get(JOB, "migrate")["status"]["failed"] == 1


def test_failure_is_final_only_when_the_last_pod_is_gone(cluster):
    cluster.create(JOB, "migrate", spec=_spec("v1", activeDeadlineSeconds=60))
    cluster.kubelet.stalled = True
    cluster.pass_time(61)
    assert "Failed" not in cluster.conditions(JOB, "migrate")
    assert cluster.conditions(JOB, "migrate")["FailureTarget"] == ("True", "DeadlineExceeded")
    cluster.kubelet.end_deleted_pods()
    cluster.settle()
    assert cluster.conditions(JOB, "migrate")["Failed"] == ("True", "DeadlineExceeded")


def test_a_finished_job_goes_after_its_time_to_live(cluster):
    cluster.create(JOB, "migrate", spec=_spec(ttlSecondsAfterFinished=30))
    assert cluster.find(JOB, "migrate")
    cluster.pass_time(31)
    assert cluster.find(JOB, "migrate") is None
    assert cluster.all(POD) == []


def test_a_suspended_job_runs_nothing_until_it_is_resumed(cluster):
    cluster.create(JOB, "migrate", spec=_spec("v1", suspend=True))
    assert cluster.all(POD) == []
    assert cluster.conditions(JOB, "migrate")["Suspended"] == ("True", "JobSuspended")
    cluster.modify(JOB, "migrate", set_spec(suspend=False))
    assert len(cluster.all(POD)) == 1
    assert cluster.conditions(JOB, "migrate")["Suspended"] == ("False", "JobResumed")


def test_deleting_a_job_takes_its_pods(cluster):
    cluster.create(JOB, "migrate", spec=_spec("v1"))
    cluster.delete(JOB, "migrate")
    assert cluster.all(POD) == []


def test_an_end_is_counted_once_when_the_process_dies_in_between(cluster):
    cluster.create(JOB, "migrate", spec=_spec("v1", completions=2))
    pod = cluster.all(POD)[0]
    cluster.stop()
    pod["status"]["phase"] = "Succeeded"
    cluster.objects.update(POD, pod, subresource="status")
    noted = {"succeeded": [pod["metadata"]["uid"]]}
    cluster.objects.modify(
        JOB, "shop", "migrate", lambda job: job["status"].update(uncountedTerminatedPods=noted), "status"
    )
    cluster.start()
    cluster.settle()
    assert cluster.get(JOB, "migrate")["status"]["succeeded"] == 1
