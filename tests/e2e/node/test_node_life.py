"""A pod's life on the node: start, logs, restarts, completion, graceful end."""

import subprocess

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from tests.e2e.node.bench import docker, until

READY = {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 1}


def test_a_pod_with_a_readiness_probe_becomes_ready_and_is_deleted_with_grace(bench, web):
    bench.run("life", {**web, "readinessProbe": READY})
    until(lambda: bench.is_ready("life"))
    status = bench.pod("life")["status"]
    assert status["phase"] == "Running"
    assert status["podIP"].startswith(status["hostIP"].rsplit(".", 2)[0])
    assert bench.status("life")["imageID"].startswith(f"{bench.registry}/node-test@sha256:")
    assert bench.logs("life") == "listening\n"
    bench.delete("life")
    until(lambda: bench.pod("life") is None)
    reasons = [reason for reason, _ in bench.events("life") if reason != "Unhealthy"]
    assert reasons == ["Scheduled", "Pulled", "Created", "Started", "Killing"]


def test_a_container_that_fails_is_restarted_at_once_and_then_with_back_off(bench, shell):
    bench.run("crash", shell("echo try; echo why > /dev/termination-log; exit 3"))
    until(lambda: any(reason == "BackOff" for reason, _ in bench.events("crash")))
    assert bench.status("crash")["state"]["terminated"]["reason"] == "Error", "the end is shown, not the wait"
    until(lambda: bench.waiting("crash") == "CrashLoopBackOff")
    status = bench.status("crash")
    ended = status["lastState"]["terminated"]
    assert status["restartCount"] == 1
    assert (ended["exitCode"], ended["reason"], ended["message"]) == (3, "Error", "why\n")
    uid = bench.pod("crash")["metadata"]["uid"]
    text = f"back-off 10s restarting failed container=crash pod=crash_default({uid})"
    assert status["state"]["waiting"]["message"] == text
    assert bench.phase("crash") == "Running"
    assert bench.logs("crash", previous=True) == "try\n"
    back_off = ("BackOff", f"Back-off restarting failed container crash in pod crash_default({uid})")
    assert back_off in bench.events("crash")
    bench.delete("crash")
    until(lambda: bench.pod("crash") is None)


def test_a_probe_makes_the_kubelet_look_so_that_the_wait_is_shown_at_once(bench, shell):
    bench.run("probed", shell("exit 3", readinessProbe=READY | {"httpGet": {"path": "/", "port": 80}}))
    until(lambda: bench.waiting("probed") == "CrashLoopBackOff")
    seconds = times.seconds_since(
        bench.status("probed")["lastState"]["terminated"]["finishedAt"], times.now()
    )
    assert seconds < 5
    bench.delete("probed", grace=0)


def test_a_pod_that_may_not_restart_ends_succeeded_and_its_log_stays(bench, shell):
    bench.run("once", shell("echo done"), restartPolicy="Never")
    until(lambda: bench.phase("once") == "Succeeded")
    assert bench.status("once")["state"]["terminated"]["reason"] == "Completed"
    assert bench.logs("once") == "done\n"
    uid = bench.pod("once")["metadata"]["uid"]
    until(lambda: not docker("ps", "--quiet", "--filter", f"label=aks-flow.pod={uid}"))
    bench.delete("once")
    until(lambda: not docker("ps", "--all", "--quiet", "--filter", f"label=aks-flow.pod={uid}"))


def test_a_pod_that_may_not_restart_ends_failed(bench, shell):
    bench.run("fails", shell("exit 7"), restartPolicy="Never")
    until(lambda: bench.phase("fails") == "Failed")
    assert bench.status("fails")["state"]["terminated"]["exitCode"] == 7
    assert bench.status("fails")["restartCount"] == 0


def test_on_failure_restarts_until_success(bench, shell):
    script = "[ -e /data/seen ] && exit 0; touch /data/seen; exit 1"
    mounts = [{"name": "data", "mountPath": "/data"}]
    volumes = [{"name": "data", "emptyDir": {}}]
    bench.run("second", shell(script, volumeMounts=mounts), restartPolicy="OnFailure", volumes=volumes)
    until(lambda: bench.phase("second") == "Succeeded")
    assert bench.status("second")["restartCount"] == 1


def test_init_containers_run_in_order_before_the_others(bench, shell):
    mounts = [{"name": "data", "mountPath": "/data"}]
    first = shell("echo one >> /data/log", volumeMounts=mounts) | {"name": "first"}
    second = shell("echo two >> /data/log", volumeMounts=mounts) | {"name": "second"}
    main = shell("cat /data/log; sleep 60", volumeMounts=mounts)
    bench.run("ordered", main, initContainers=[first, second], volumes=[{"name": "data", "emptyDir": {}}])
    until(lambda: bench.is_ready("ordered"))
    assert until(lambda: bench.logs("ordered")) == "one\ntwo\n"
    statuses = bench.pod("ordered")["status"]["initContainerStatuses"]
    assert [each["state"]["terminated"]["reason"] for each in statuses] == ["Completed", "Completed"]
    bench.delete("ordered", grace=0)


def test_a_sidecar_runs_beside_the_others_and_ends_after_them(bench, shell):
    sidecar = shell("echo here; sleep 60") | {"name": "beside", "restartPolicy": "Always"}
    bench.run("main", shell("sleep 0.2"), initContainers=[sidecar], restartPolicy="Never")
    until(lambda: bench.phase("main") == "Succeeded")
    (entry,) = bench.pod("main")["status"]["initContainerStatuses"]
    assert "terminated" in entry["state"]


def test_the_grace_period_ends_with_a_kill(bench, shell):
    bench.run(
        "deaf", shell("trap '' TERM; echo on; while :; do sleep 1; done"), terminationGracePeriodSeconds=2
    )
    until(lambda: bench.status("deaf").get("ready") and bench.logs("deaf"))
    bench.delete("deaf")
    until(lambda: bench.pod("deaf") is None, seconds=20)


def test_a_pre_stop_hook_runs_before_the_signal(bench, shell):
    script = "trap 'echo term; exit 0' TERM; echo up; while :; do sleep 0.1; done"
    hook = {"preStop": {"exec": {"command": ["sh", "-c", "echo hook > /proc/1/fd/1"]}}}
    bench.run("hooked", shell(script, lifecycle=hook))
    until(lambda: bench.is_ready("hooked") and "up" in bench.logs("hooked"))
    uid = bench.pod("hooked")["metadata"]["uid"]
    container = bench.status("hooked")["containerID"].removeprefix("docker://")
    reader = subprocess.Popen(["docker", "logs", "--follow", container], stdout=subprocess.PIPE, text=True)
    assert reader.stdout.readline() == "up\n"  # it follows: what comes now is not missed
    bench.delete("hooked")
    assert reader.communicate(timeout=60)[0] == "hook\nterm\n"
    until(lambda: not docker("ps", "--all", "--quiet", "--filter", f"label=aks-flow.pod={uid}"))


def test_a_forced_deletion_leaves_nothing_behind(bench, shell):
    bench.run("forced", shell("trap '' TERM; sleep 600"))
    until(lambda: bench.is_ready("forced"))
    uid = bench.pod("forced")["metadata"]["uid"]
    bench.delete("forced", grace=0)
    assert bench.pod("forced") is None
    until(lambda: not docker("ps", "--all", "--quiet", "--filter", f"label=aks-flow.pod={uid}"), seconds=20)


def test_the_log_of_a_container_that_never_ran_is_refused_in_kubelets_words(bench, shell):
    bench.run("never", shell("true") | {"image": f"{bench.registry}/node-test:missing"})
    until(lambda: bench.waiting("never") == "ErrImagePull")
    with pytest.raises(StatusError, match="waiting to start: image can't be pulled") as refused:
        bench.logs("never")
    assert refused.value.code == 400
    with pytest.raises(StatusError, match='previous terminated container "never" in pod "never" not found'):
        bench.logs("never", previous=True)
    bench.delete("never")


def test_logs_can_be_cut_to_their_end_and_size(bench, shell):
    bench.run("lines", shell("for i in 1 2 3 4 5; do echo line $i; done"), restartPolicy="Never")
    until(lambda: bench.phase("lines") == "Succeeded")
    assert bench.logs("lines", tail_lines=2) == "line 4\nline 5\n"
    assert bench.logs("lines", tail_lines=0) == ""
    assert bench.logs("lines", limit_bytes=9) == "line 1\nli"
    stamped = bench.logs("lines", timestamps=True, tail_lines=1)
    assert stamped.endswith("Z line 5\n")


def test_a_pod_is_stopped_when_its_active_deadline_is_over(bench, shell):
    bench.run("late", shell("exec sleep 600"), activeDeadlineSeconds=2, restartPolicy="Never")
    until(lambda: bench.phase("late") == "Failed")
    assert bench.pod("late")["status"]["reason"] == "DeadlineExceeded"


def test_a_changed_image_replaces_the_container(bench, shell, image):
    bench.run("swap", shell("exec sleep 600"))
    until(lambda: bench.is_ready("swap"))
    before = bench.status("swap")["containerID"]
    digest = bench.status("swap")["imageID"].partition("@")[2]
    change = {"image": f"{image}@{digest}"}
    bench.call(
        bench.objects.modify, kinds.POD, "default", "swap",
        lambda pod: pod["spec"]["containers"][0].update(change),
    )  # fmt: skip
    until(lambda: bench.is_ready("swap") and bench.status("swap")["containerID"] != before)
    assert bench.status("swap")["restartCount"] == 1
    bench.delete("swap", grace=0)
