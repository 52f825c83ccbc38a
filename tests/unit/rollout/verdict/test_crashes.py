"""Containers that end, on a kubelet that shows mostly how the last run ended and seldom that it backs off."""

import pytest

from aks_flow.rollout.verdict.pods import ObjectEvent, observed_pod
from aks_flow.rollout.verdict.troubles import FORGIVEN
from tests.unit.rollout.verdict.objects import NOW, deployment, event, pod, replica_set
from tests.unit.rollout.verdict.test_verdict import Watch

PLAIN = [{"name": "web", "image": "registry/web:2"}]
LIVE = {"periodSeconds": 10, "failureThreshold": 3}
ALIVE = [{**PLAIN[0], "readinessProbe": {"periodSeconds": 1}, "livenessProbe": LIVE}]


def at(second: float, year: int = 2026) -> str:
    """A stamp; of 2099, what counts is how long a watch has seen it."""
    return f"{year}-01-01T{int(second // 3600):02}:{int(second // 60) % 60:02}:{int(second % 60):02}Z"


def run(began: float, ended: float, code: int = 1, reason: str = "Error") -> dict:
    """A run that has ended, as a status has it."""
    times = {"startedAt": at(began), "finishedAt": at(ended)}
    return {"terminated": {"exitCode": code, "reason": reason, **times}}


def day(*looks: tuple[float, dict], available: int = 0, watch: Watch | None = None, events=()):
    """The verdicts of looks at one pod, each a number of seconds after the one before."""
    watch = watch or Watch()
    pods = [(after, {"ready": False, "containers": PLAIN} | more) for after, more in looks]
    return [
        watch([deployment(1, 1, available), replica_set(), pod(**more), *events], after)
        for after, more in pods
    ]


# A standard kubelet without a probe: crash, restart at once, crash, 10 s of back-off shown as the end, …
CRASHES = [
    (0, {"state": run(0, 0)}),
    (1, {"state": {"running": {"startedAt": at(1)}}, "ready": True, "restarts": 1, "last": run(0, 0)}),
    (0.5, {"state": run(1, 1), "last": run(0, 0), "restarts": 1}),
    (10.5, {"state": {"running": {"startedAt": at(12)}}, "ready": True, "restarts": 2, "last": run(1, 1)}),
    (0.5, {"state": run(12, 12), "last": run(1, 1), "restarts": 2}),
]


def test_the_third_short_run_is_the_end_though_no_look_ever_shows_the_back_off():
    verdicts = day(*CRASHES)
    assert [verdict.kind for verdict in verdicts] == ["waiting"] * 4 + ["bad"]
    assert (verdicts[-1].reason, verdicts[-1].findings[0].exit_code) == ("crash-loop", 1)
    assert verdicts[-1].findings[0].text == "it ended with exit code 1 (Error), 3 times"


def test_what_ended_long_ago_and_worked_since_is_no_loop():
    for seconds, kind in ((FORGIVEN, "waiting"), (FORGIVEN - 1, "bad")):
        more = {"state": run(0, seconds), "restarts": 7}
        assert day((0, more), (10, more))[-1].kind == kind


SIDECAR = {"name": "proxy", "image": "registry/proxy:1", "restartPolicy": "Always"}


def test_a_native_sidecar_that_ends_well_again_and_again_is_a_loop_too():
    sick = pod(ready=False, state={"waiting": {"reason": "PodInitializing"}})
    sick["spec"]["initContainers"] = [SIDECAR]
    ended = {"name": "proxy", "restartCount": 2, "state": run(12, 12, 0, "Completed"), "containerID": "c"}
    sick["status"]["initContainerStatuses"] = [ended]
    watch, items = Watch(), [deployment(1, 1, 0), replica_set(), sick]
    watch(items)
    verdict = watch(items, 10)
    assert (verdict.reason, verdict.findings[0].container) == ("crash-loop", "proxy")
    assert "exit code 0 (Completed) although it is to go on running, 3 times" in verdict.findings[0].text


def killed(probe: str) -> list[dict]:
    title = probe.capitalize()
    return [
        event("uid-web-new-1", "Unhealthy", f"{title} probe failed: HTTP probe failed with statuscode: 503"),
        event("uid-web-new-1", "Killing", f"Container web failed {probe} probe, will be restarted"),
    ]


@pytest.mark.parametrize("probe", ["startup", "liveness"])
def test_a_kill_by_the_kubelet_is_said_as_that(probe):
    looks = [
        (0, {"state": run(12, 42, 137), "restarts": 2}),
        (10, {"state": run(12, 42, 137), "restarts": 2}),
    ]
    verdict = day(*looks, events=killed(probe))[-1]
    assert verdict.reason == "crash-loop"
    assert verdict.findings[0].text == (
        f"its {probe} probe failed and the kubelet killed it, 3 times: "
        f"{probe.capitalize()} probe failed: HTTP probe failed with statuscode: 503"
    )


def test_a_crash_beside_another_container_s_kill_is_a_crash():
    others = [event("uid-web-new-1", "Killing", "Container proxy failed liveness probe, will be restarted")]
    more = {"state": run(12, 12), "restarts": 2}
    assert "exit code 1" in day((0, more), (10, more), events=others)[-1].findings[0].text


def up(since: str, last: dict, restarts: int = 1) -> dict:
    return {"ready": True, "containers": ALIVE, "since": since, "restarts": restarts, "last": last}


@pytest.mark.parametrize(
    ("last", "seconds"),
    [(run(0, 0), 2), (run(0, 40, 137), 41), (run(0, 149), 150), (run(0, 150), 2), (run(0, 3600), 2)],
    ids=[
        "a crash at the start",
        "a liveness probe's kill",
        "two minutes and a half",
        "it had worked",
        "an hour",
    ],
)
def test_a_restarted_container_must_outlast_its_run_before(last, seconds):
    watch, more = Watch(), up(NOW, last)
    first, early, late = day((0, more), (seconds - 0.1, more), (0.1, more), available=1, watch=watch)
    assert [first.kind, early.kind, late.kind] == ["waiting", "waiting", "good"]
    assert first.waits_for == f"deployment/web (web in web-new-1 to stay up for {seconds} s)"


def failing(second: float, year: int = 2099) -> list[dict]:
    about = {"uid": "uid-web-new-1", "fieldPath": "spec.containers{web}"}
    said = event(
        "uid-web-new-1", "Unhealthy", "Liveness probe failed: HTTP probe failed", at=at(second, year)
    )
    return [said | {"involvedObject": about}]


def test_a_failing_liveness_probe_must_pass_before_its_container_is_good():
    """It is killed after three failures only, half a minute later."""
    watch, more = Watch(), {"ready": True, "containers": ALIVE, "since": at(0, 2099)}
    looks = [(0, failing(1)), (10, failing(11)), (11.9, failing(11)), (0.1, failing(11))]
    verdicts = [day((after, more), available=1, watch=watch, events=events)[0] for after, events in looks]
    assert [verdict.kind for verdict in verdicts] == ["waiting", "waiting", "waiting", "good"]
    assert verdicts[1].waits_for == "deployment/web (web in web-new-1 to pass its liveness probe)"


def test_a_failure_of_the_run_before_says_nothing_about_this_one():
    more = {"ready": True, "containers": ALIVE, "since": at(30)}
    assert day((0, more), available=1, events=failing(1, 2026))[0].kind == "good"


def kill(at_second: float, container: str = "web") -> dict:
    text = f"Container {container} failed liveness probe, will be restarted"
    return event("uid-web-new-1", "Killing", text, at=at(at_second, 2099))


def test_a_container_that_the_kubelet_ends_is_not_good_though_its_status_is_late():
    """As a kubelet was seen to tell it: the next run answered its probes before the status was of that."""
    ending, fresh = ({"ready": True, "containers": ALIVE, "since": at(second, 2099)} for second in (0, 20))
    watch, events = Watch(), [*failing(1), kill(2)]
    looks = [(0, ending), (60, ending), (0, fresh), (2, fresh)]
    verdicts = [day((after, more), available=1, watch=watch, events=events)[0] for after, more in looks]
    assert [verdict.kind for verdict in verdicts] == ["waiting", "waiting", "waiting", "good"]
    assert verdicts[1].waits_for == "deployment/web (web in web-new-1 to be started again)"


def test_the_end_of_another_container_says_nothing_about_this_one():
    watch, more = Watch(), {"ready": True, "containers": ALIVE, "since": at(0, 2099)}
    looks = [day((after, more), available=1, watch=watch, events=[kill(2, "proxy")])[0] for after in (0, 2)]
    assert [verdict.kind for verdict in looks] == ["waiting", "good"]


def test_a_liveness_loop_is_named_at_the_deadline_though_its_pod_is_ready():
    watch, more = Watch(), up(NOW, run(0, 60, 137))
    items = [deployment(1, 1, 1), replica_set(), pod(**more), *killed("liveness")]
    watch(items)
    verdict = watch(items, 20, overdue=True)
    assert (verdict.kind, verdict.reason) == ("bad", "crash-loop")
    assert verdict.findings[0].text.startswith("its liveness probe failed and the kubelet killed it, once")


def test_an_event_says_which_container_it_is_about():
    [read] = observed_pod(pod(), [ObjectEvent("Unhealthy", "x", container="web", at=at(1))]).events
    assert (read.container, read.at) == ("web", "2026-01-01T00:00:01Z")
