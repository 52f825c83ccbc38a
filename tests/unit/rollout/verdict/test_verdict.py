"""Good, bad or not yet: from facts and how long they have lasted."""

from dataclasses import replace

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import secrets_store
from aks_flow.rollout.verdict import facts, troubles, verdict
from aks_flow.rollout.verdict.ages import Stopwatch
from aks_flow.rollout.verdict.goal import RolloutGoal, applied_goal, standing_goal
from aks_flow.rollout.verdict.tolerance import TOLERATE, UNTIL_DEADLINE, check
from aks_flow.rollout.watch.watch import Judge
from tests.unit.rollout.verdict.objects import (
    BACKS_OFF,
    CRASHED,
    NOW,
    TEMPLATE,
    deployment,
    event,
    pod,
    replica_set,
    rolled_out,
)

GOAL = applied_goal("shop", [deployment()])


class Time:
    """A clock that a test turns."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Watch:
    """Judges what a test shows, at the moments that it says."""

    def __init__(self, goal: RolloutGoal = GOAL):
        self._goal, self._time = goal, Time()
        self._stopwatch = Stopwatch(self._time, today=lambda: 1.8e9, here=lambda: 1.8e9)

    def __call__(self, items: list[dict], after: float = 0, overdue: bool = False) -> verdict.RolloutVerdict:
        self._time.now += after
        current = facts.read(self._goal, items)
        return verdict.judge(current, self._stopwatch.look(verdict.marks(current), overdue))


def broken(*pods: dict, **status) -> list[dict]:
    """A rollout whose new pods are these; the old one serves."""
    old = replica_set(
        "web-old", TEMPLATE | {"spec": {"containers": [{"name": "web", "image": "registry/web:1"}]}}
    )
    return [deployment(replicas=1, updated=1, available=0, **status), replica_set(), old, *pods]


def waiting(reason: str, message: str = "") -> dict:
    return {"waiting": {"reason": reason, "message": message}}


def test_what_has_long_rolled_out_is_good_at_once():
    assert Watch()(rolled_out()).kind == "good"


def test_pods_that_have_just_started_must_stay_up():
    watch = Watch()
    young = [deployment(), replica_set(), pod("web-new-1", since=NOW), pod("web-new-2", since=NOW)]
    assert watch(young).waits_for == "deployment/web (web in web-new-1 to stay up for 2 s)"
    assert [watch(young, 1.9).kind, watch(young, 0.1).kind] == ["waiting", "good"]


PAUSED = deployment() | {"spec": deployment()["spec"] | {"paused": True}}
WAITS = {
    "the cluster to show it": [],
    "generation 2 to be observed": [deployment(observed=1), *rolled_out()[1:]],
    "its ReplicaSet": [deployment()],
    "1 of 2 new pods made": [deployment(updated=1), *rolled_out()[1:]],
    "1 old pod to go": [
        deployment(replicas=2) | {"status": deployment()["status"] | {"replicas": 3}},
        *rolled_out()[1:],
    ],
    "1 of 2 new pods available": [deployment(available=1), *rolled_out()[1:]],
    "1 of 2 new pods seen": rolled_out()[:3],
    "it is paused; `kubectl rollout resume deployment/web` goes on": [PAUSED, *rolled_out()[1:]],
}


@pytest.mark.parametrize(("text", "items"), WAITS.items(), ids=WAITS)
def test_it_waits_and_says_for_what(text, items):
    assert Watch()(items).waits_for == f"deployment/web ({text})"


NO_NODE = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "too few"}
UNREADY = {
    "web-new-1 is not ready (ContainerCreating)": [pod(ready=False, state=waiting("ContainerCreating"))],
    "web-new-1 is not ready (web runs, and its probe does not pass yet)": [pod(ready=False)],
    "web-new-1 is not ready (it starts)": [pod(ready=False, state={"waiting": {}})],
    "web-new-1 is not ready (no node takes it)": [
        pod(ready=False, state={"waiting": {}}, conditions=[NO_NODE])
    ],
    "web-new-1 is not ready (ContainerCreating), nor is 1 more": [
        pod(ready=False, state=waiting("ContainerCreating")),
        pod("web-new-2", ready=False),
    ],
}


@pytest.mark.parametrize(("text", "pods"), UNREADY.items(), ids=UNREADY)
def test_the_pod_that_is_not_ready_is_named_and_not_the_old_one_that_waits_for_it(text, pods):
    waits = deployment(available=0) | {"status": deployment(available=0)["status"] | {"replicas": 3}}
    assert Watch()([waits, replica_set(), *pods]).waits_for == f"deployment/web ({text})"


PULLS = {
    "rpc error: code = NotFound desc = failed to resolve image: web:missing: not found": "image-not-found",
    "manifest for web:missing not found: manifest unknown": "image-not-found",
    "failed to authorize: unexpected status: 401 Unauthorized": "image-pull-denied",
    "pull access denied, repository does not exist or may require authorization": "image-pull-denied",
    "denied: requested access to the resource is denied": "image-pull-denied",
    "failed to resolve image: registry/web:0.1.0-alpha.503: not found": "image-not-found",
    "failed to resolve image: registry/web:0.1.0-alpha.401: not found": "image-not-found",
    "dial tcp: lookup registry on 10.0.0.10:53: no such host": "",
    "dial tcp 10.0.0.1:443: connect: connection refused": "",
    "unexpected status from HEAD request: 503 Service Unavailable": "",
    "toomanyrequests: 429 Too Many Requests": "",
}


@pytest.mark.parametrize(("message", "reason"), PULLS.items(), ids=PULLS)
def test_a_pull_error_is_the_end_only_if_it_does_not_heal(message, reason):
    judged = Watch()(broken(pod(ready=False, state=waiting("ErrImagePull", message))))
    assert (judged.kind, judged.reason) == (("bad", reason) if reason else ("waiting", ""))


HOSTS = ("registry.example.com/team/", "localhost:5050/", "")
NAMED = {
    # an image's name, and the registry's words about it, with NAME where it quotes the reference: the reason
    ("forbidden-island", 'failed to resolve reference "NAME": NAME: not found'): "image-not-found",
    ("denied", 'failed to pull and unpack image "NAME": no such host'): "",
    ("unauthorized/timeout", "manifest for NAME not found: manifest unknown"): "image-not-found",
    ("timeout", 'code = NotFound desc = failed to pull "NAME": not found'): "image-not-found",
    ("not-found", "NAME: unexpected status from HEAD request: 503 Service Unavailable"): "",
    ("island", "pull access denied for NAME, repository does not exist"): "image-pull-denied",
    (
        "forbidden",
        "GET https://r.example.com/token?scope=forbidden%2Fx: 401 Unauthorized",
    ): "image-pull-denied",
    ("forbidden", "GET https://r.example.com/v2/forbidden/manifests/1: no such host"): "",
}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(("case", "reason"), NAMED.items(), ids=[name for name, _ in NAMED])
def test_only_the_registry_s_own_words_count_whatever_the_image_is_called(host, case, reason):
    name, words = case
    image = f"{host}{name}:1.0"
    named = [{"name": "web", "image": image, "readinessProbe": {}}]
    sick = pod(ready=False, state=waiting("ErrImagePull", words.replace("NAME", image)), containers=named)
    assert Watch()(broken(sick)).reason == reason


def test_a_pull_error_that_heals_is_a_success():
    watch = Watch()
    assert watch(broken(pod(ready=False, state=waiting("ErrImagePull", "no such host")))).kind == "waiting"
    assert watch(rolled_out(), 60).kind == "good"


def test_a_back_off_that_says_nothing_is_read_from_the_pod_s_events():
    backs_off = pod(ready=False, state=waiting("ImagePullBackOff", 'Back-off pulling image "web"'))
    reported = event("uid-web-new-1", "Failed", 'Failed to pull image "web": code = NotFound: web: not found')
    assert Watch()(broken(backs_off)).kind == "waiting"
    assert Watch()(broken(backs_off, reported)).reason == "image-not-found"


def test_at_the_deadline_a_back_off_is_told_by_why_the_last_pull_failed():
    backs_off = pod(ready=False, state=waiting("ImagePullBackOff", 'Back-off pulling image "web"'))
    words = 'Failed to pull image "web": failed to read expected number of bytes: unexpected EOF'
    [finding] = Watch()(broken(backs_off, event("uid-web-new-1", "Failed", words)), overdue=True).findings
    assert (finding.reason, finding.text) == ("deadline", words)


def test_three_failed_runs_are_a_crash_loop_and_one_restart_is_not():
    watch = Watch()
    crashed = {"ready": False, "last": CRASHED}
    assert watch(broken(pod(ready=False, state=CRASHED))).kind == "waiting"
    assert watch(broken(pod(state=BACKS_OFF, restarts=1, **crashed)), 2).kind == "waiting"
    judged = watch(broken(pod(state=BACKS_OFF, restarts=2, **crashed)), 10)
    assert (judged.kind, judged.reason, judged.findings[0].exit_code) == ("bad", "crash-loop", 3)
    assert judged.findings[0].text == "it ended with exit code 3 (Error), 3 times"


def test_one_crash_and_then_ready_is_a_success():
    watch = Watch()
    watch(broken(pod(ready=False, state=CRASHED)))
    healed = [deployment(1, 1, 1), replica_set(), pod(restarts=1, last=CRASHED, since=NOW)]
    assert [watch(healed, 2).kind, watch(healed, 2).kind] == ["waiting", "good"]


def test_a_container_that_starts_and_exits_is_no_success_even_where_everything_counts_it_as_available():
    watch, container = Watch(), [{"name": "web", "image": "registry/web:2"}]
    for run in range(2):
        up = pod(containers=container, since=NOW, restarts=run)
        assert watch([deployment(1, 1, 1), replica_set(), up], 0.1).kind == "waiting"
        down = pod(containers=container, ready=False, state=CRASHED, restarts=run)
        assert watch([deployment(1, 1, 1), replica_set(), down], 1.2).kind == "waiting"
    last = pod(containers=container, ready=False, state=BACKS_OFF, last=CRASHED, restarts=2)
    assert watch([deployment(1, 1, 0), replica_set(), last], 10).reason == "crash-loop"


def test_a_container_without_a_probe_must_stay_up_for_long():
    watch, container = Watch(), [{"name": "web", "image": "registry/web:2"}]
    items = [deployment(1, 1, 1), replica_set(), pod(containers=container, since=NOW)]
    assert [watch(items).kind, watch(items, 9.9).kind, watch(items, 0.1).kind] == [
        "waiting",
        "waiting",
        "good",
    ]


CONFIGURED = {
    'secret "nosuch" not found': "config-missing",
    'configmap "nosuch" not found': "config-missing",
    "couldn't find key nosuch in Secret shop/auth": "config-missing",
    "container has runAsNonRoot and image will run as root": "never-ready",
}


@pytest.mark.parametrize(("message", "reason"), CONFIGURED.items(), ids=CONFIGURED)
def test_a_missing_configuration_may_still_come_for_three_seconds(message, reason):
    watch = Watch()
    items = broken(pod(ready=False, state=waiting("CreateContainerConfigError", message)))
    assert watch(items).kind == watch(items, 2.9).kind == "waiting"
    assert watch(items, 0.1).reason == reason


def mounting() -> dict:
    """A pod that has mounted a vault, and whose Secret the driver has not made yet."""
    made = pod(ready=False, state=waiting("CreateContainerConfigError", 'secret "redis-auth" not found'))
    volume = {"name": "v", "csi": {"driver": secrets_store.DRIVER}}
    return made | {"spec": {**made["spec"], "volumes": [volume]}}


def test_a_secret_that_a_driver_makes_may_come_for_a_minute():
    watch, items = Watch(), broken(mounting())
    assert watch(items).kind == watch(items, 59).kind == "waiting"
    assert watch(items, 1).reason == "config-missing"


@pytest.mark.parametrize(
    ("grace", "meanwhile"), [(troubles.STORING, "waiting"), (troubles.CONFIGURING, "bad")]
)
def test_a_first_delivery_is_good_as_it_waits_for_the_rehearsal_s_driver(monkeypatch, grace, meanwhile):
    """With the patience for any other Secret the rehearsal would be red: its driver takes longer."""
    monkeypatch.setattr(troubles, "STORING", grace)
    watch, items = Watch(), broken(mounting())
    watch(items)
    assert watch(items, secrets_store.LATER - 0.1).kind == meanwhile
    assert watch(rolled_out(), 0.1).kind == "good"


def test_a_volume_s_missing_secret_shows_in_events_only():
    watch = Watch()
    reported = event(
        "uid-web-new-1", "FailedMount", 'MountVolume.SetUp failed for volume "a" : secret "b" not found'
    )
    items = broken(pod(ready=False, state=waiting("ContainerCreating")), reported)
    watch(items)
    assert watch(items, 3).reason == "config-missing"


NO_ROOM = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}


def unscheduled(message: str, *events: dict) -> list[dict]:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    return broken(pod(ready=False, state=waiting(""), conditions=[condition]), *events)


def test_a_pod_that_no_node_takes_waits_for_an_autoscaler_s_word():
    watch, items = Watch(), unscheduled("0/1 nodes are available: 1 Insufficient cpu.")
    assert watch(items).kind == watch(items, 14).kind == "waiting"
    assert watch(items, 1).reason == "unschedulable"


def test_a_node_that_is_being_added_is_waited_for():
    watch = Watch()
    items = unscheduled(
        "0/1 nodes", event("uid-web-new-1", "TriggeredScaleUp", "pod triggered scale-up: 1->2")
    )
    assert watch(items).kind == watch(items, 170).kind == "waiting"
    assert watch(items, 10, overdue=True).reason == "unschedulable"


def late(name: str) -> dict:
    """What the Deployment controller says of a ReplicaSet after progressDeadlineSeconds."""
    message = f'ReplicaSet "{name}" has timed out progressing.'
    condition = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
    return condition | {"message": message}


ADDS = event("uid-web-new-1", "TriggeredScaleUp", "pod triggered scale-up: 1->2")
GROWING = {
    "no node has its pod yet": (pod(ready=False, state=waiting(""), conditions=[NO_ROOM]), ADDS),
    "the new node pulls the image": (pod(ready=False, state=waiting("ContainerCreating")), ADDS),
}


@pytest.mark.parametrize("items", GROWING.values(), ids=GROWING)
def test_a_deployment_whose_own_deadline_passes_while_a_node_is_added_has_until_the_delivery_s(items):
    watch, stalled = Watch(), broken(*items, conditions=[late("web-new")])
    assert watch(stalled).kind == watch(stalled, 400).kind == "waiting"
    assert watch(stalled, overdue=True).kind == "bad"


def test_pods_that_go_may_leave_room():
    watch, leaving = Watch(), pod("web-old-1", "uid-web-old")
    leaving["metadata"]["deletionTimestamp"] = NOW
    items = unscheduled("0/1 nodes are available: 1 Insufficient cpu.")
    assert (
        watch([*items, leaving]).kind == watch([*items, leaving], 60).kind == watch(items).kind == "waiting"
    )
    assert watch(items, 15).reason == "unschedulable"


@pytest.mark.parametrize(
    ("nodes", "why", "helped", "soon"),
    [
        (2, "2 node(s) didn't match Pod's node affinity/selector", "2 Preemption is not helpful", True),
        (1, "1 node(s) had untolerated taint {gpu: }", "1 Preemption is not helpful", True),
        (
            2,
            "1 Insufficient cpu, 1 node(s) were unschedulable",
            "1 No preemption victims found for incoming pod, 1 Preemption is not helpful",
            False,
        ),
        (1, 'persistentvolumeclaim "data" is being deleted', "1 Preemption is not helpful", False),
    ],
)
def test_pods_that_go_are_not_waited_for_where_room_does_not_help(nodes, why, helped, soon):
    """The scheduler's own words on whether the end of any pod would help."""
    leaving = pod("web-old-1", "uid-web-old")
    leaving["metadata"]["deletionTimestamp"] = NOW
    preemption = f"preemption: 0/{nodes} nodes are available: {helped} for scheduling."
    watch, items = Watch(), unscheduled(f"0/{nodes} nodes are available: {why}. {preemption}")
    assert watch([*items, leaving]).kind == "waiting"
    assert watch([*items, leaving], 60).kind == ("bad" if soon else "waiting")


def test_a_quota_that_is_used_up_is_named():
    message = 'pods "web-new-1" is forbidden: exceeded quota: small, requested: pods=1, limited: pods=2'
    failure = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": message}
    items = [deployment(2, 0, 2), replica_set(conditions=[failure])]
    watch = Watch()
    assert watch(items).kind == "waiting"
    judged = watch(items, 10)
    assert (judged.reason, judged.findings[0].text) == ("quota", message)


def test_what_is_never_ready_is_bad_at_the_deadline_and_not_before():
    watch, items = (
        Watch(),
        broken(pod(ready=False), event("uid-web-new-1", "Unhealthy", "Readiness probe failed: 503")),
    )
    assert watch(items).kind == watch(items, 170).kind == "waiting"
    judged = watch(items, 10, overdue=True)
    assert (judged.kind, judged.reason, judged.findings[0].text) == (
        "bad",
        "never-ready",
        "Readiness probe failed: 503",
    )


def test_what_might_have_healed_is_the_reason_at_the_deadline():
    pull = broken(pod(ready=False, state=waiting("ErrImagePull", "registry: no such host")))
    judged = Watch()(pull, overdue=True)
    assert (judged.reason, judged.findings[0].text) == ("deadline", "registry: no such host")
    once = broken(pod(ready=False, state=BACKS_OFF, last=CRASHED, restarts=1))
    assert Watch()(once, overdue=True).reason == "crash-loop"


def test_a_deadline_without_a_better_reason_is_called_so():
    judged = Watch()([deployment(2, 1, 1), *rolled_out()[1:3]], overdue=True)
    assert (judged.reason, judged.findings[0].text) == ("deadline", "1 of 2 new pods made")


def test_the_deployment_s_own_deadline_counts_for_its_own_replica_set_only():
    assert Watch()(broken(pod(ready=False), conditions=[late("web-old")])).kind == "waiting"
    assert Watch()(broken(pod(ready=False), conditions=[late("web-new")])).reason == "never-ready"


def test_pods_of_the_old_revision_do_not_count():
    old = pod("web-old-1", "uid-web-old", ready=False, state=waiting("ErrImagePull", "not found"))
    assert Watch()(broken(pod(ready=False), old)).kind == "waiting"


def changed(**fields) -> dict:
    """The Deployment as somebody else wrote it after the delivery."""
    written = deployment(generation=3, observed=3)
    written["spec"] = {"replicas": 2, "template": TEMPLATE | fields}
    return written


def test_other_images_that_somebody_else_wrote_have_overwritten_the_delivery():
    other = changed(spec={"containers": [{"name": "web", "image": "registry/web:3"}]})
    assert Watch()([other, *rolled_out()[1:]]).reason == "superseded"


def test_a_restart_by_somebody_else_is_followed_to_its_end():
    noted = {"labels": {"app": "web"}, "annotations": {"kubectl.kubernetes.io/restartedAt": NOW}}
    restarted, watch = changed(metadata=noted), Watch()
    assert watch([restarted, *rolled_out()[1:]]).waits_for == "deployment/web (its ReplicaSet)"
    new = replica_set(template=TEMPLATE | {"metadata": noted})
    assert watch([restarted, new, *rolled_out()[2:]]).kind == "good"


def test_what_was_there_before_the_delivery_is_not_judged():
    old = changed(spec={"containers": [{"name": "web", "image": "registry/web:1"}]})
    old["metadata"]["generation"] = 1
    assert "what was applied" in Watch()([old, *rolled_out()[1:]]).waits_for


def service(name="web") -> dict:
    return {"kind": "Service", "metadata": {"name": name}, "spec": {"selector": {"app": name}}}


def endpoints(ready: bool) -> dict:
    labels = {"kubernetes.io/service-name": "web"}
    return {
        "kind": "EndpointSlice",
        "metadata": {"labels": labels},
        "endpoints": [{"conditions": {"ready": ready}}],
    }


def test_a_service_that_never_gets_an_endpoint_is_a_finding():
    watch = Watch(applied_goal("shop", [deployment(), service()]))
    assert watch(rolled_out()).waits_for == "service/web (a ready endpoint)"
    judged = watch([*rolled_out(), endpoints(False)], 15)
    assert (judged.reason, judged.findings[0].workload) == ("never-ready", "service/web")
    assert watch([*rolled_out(), endpoints(True)]).kind == "good"


def scaled_to_none() -> dict:
    idle = deployment(replicas=0, updated=0, available=0, generation=3, observed=3)
    return idle | {"spec": idle["spec"] | {"replicas": 0}}


@pytest.mark.parametrize("begun", [[], [deployment(available=1), *rolled_out()[1:]]], ids=["first", "later"])
def test_what_somebody_scales_to_none_meanwhile_is_the_cause_where_a_service_finds_no_pod(begun):
    watch = Watch(applied_goal("shop", [deployment(), service()]))
    watch(begun)
    assert watch([scaled_to_none(), replica_set()]).waits_for == "service/web (a ready endpoint)"
    judged = watch([scaled_to_none(), replica_set()], 15)
    assert judged.reason == "superseded"
    assert judged.findings[0].text.startswith("it has no ready endpoint: somebody scaled deployment/web to 0")


def test_what_needs_no_service_may_be_scaled_to_none_as_autoscalers_by_events_do():
    assert Watch()([scaled_to_none(), replica_set()]).kind == "good"


def test_a_service_whose_pods_are_scaled_to_none_needs_no_endpoint():
    idle = deployment(replicas=0)
    assert applied_goal("shop", [idle, service()]).services == ()


def job(**condition) -> dict:
    status = {"conditions": [{"status": "True", **condition}]} if condition else {}
    metadata = {"name": "migrate", "uid": "j", "generation": 1}
    return {"kind": "Job", "metadata": metadata, "spec": {"template": TEMPLATE}, "status": status}


def test_a_job_is_good_at_its_end_and_not_before():
    watch = Watch(applied_goal("shop", [job()]))
    assert watch([job()]).waits_for == "job/migrate (its end)"
    assert watch([job(type="Complete")]).kind == "good"


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"reason": "DeadlineExceeded", "message": "Job was active too long"}, "deadline"),
        ({"reason": "BackoffLimitExceeded", "message": "Job has reached the limit"}, "crash-loop"),
        ({"reason": "PodFailurePolicy", "message": "DeadlineExceeded is not its reason"}, "crash-loop"),
        ({}, "crash-loop"),
    ],
)
@pytest.mark.parametrize("type", ["Failed", "FailureTarget"])  # its pods have ended by then, or not yet
def test_a_job_fails_for_the_reason_that_its_condition_names_whatever_its_message_says(
    condition, reason, type
):
    failed = pod("migrate-x", "j", ready=False, state=CRASHED)
    judged = Watch(applied_goal("shop", [job()]))([job(type=type, **condition), failed])
    assert (judged.kind, judged.reason) == ("bad", reason)
    assert (judged.findings[0].pod, judged.findings[0].exit_code) == ("migrate-x", 3)
    assert condition.get("message", "") in judged.findings[0].text
    assert judged.findings[0].text.endswith("it ended with exit code 3 (Error), once")


def ended(condition: str, uid: str = "j", message: str = "Job completed") -> dict:
    return event(uid, condition, message)


SIDECAR = [{"name": "proxy", "image": "registry/proxy:1", "restartPolicy": "Always"}]
FIRST = pod("migrate-1", "j", ready=False, state=CRASHED)
FIRST["spec"]["initContainers"] = SIDECAR
FIRST["status"] |= {"phase": "Failed", "initContainerStatuses": [{"name": "proxy", "state": CRASHED}]}
JOBS = {
    # what is seen, one look after the other: the verdict at the end
    "a native sidecar whose first pod failed": ([[job(), FIRST], [job(type="Complete"), FIRST]], "good"),
    "it removed itself after it was seen": ([[job(type="Complete")], []], "good"),
    "it removed itself before it was seen": ([[job()], [ended("Completed")]], "good"),
    "it failed and removed itself": ([[job(type="Failed", reason="BackoffLimitExceeded")], []], "bad"),
    "its failure was not seen": ([[job()], [ended("BackoffLimitExceeded", message="has reached")]], "bad"),
    "another one of its name ended well": ([[job()], [ended("Completed", uid="older")]], "waiting"),
    "somebody removed it": ([[job()], []], "waiting"),
    "a pod was made": ([[job()], [ended("SuccessfulCreate")]], "waiting"),
}


@pytest.mark.parametrize(("looks", "kind"), JOBS.values(), ids=JOBS)
def test_a_job_that_has_ended_is_done_whatever_becomes_of_it_and_its_pods(looks, kind):
    goal, judge = applied_goal("shop", [job()]), Judge(Time())
    for items in looks:
        judged = judge(goal, items, overdue=False).verdict
    assert judged.kind == kind and (kind != "bad" or judged.reason == "crash-loop")


def scaler(least: int | None = 3, **ref: str) -> dict:
    target = {"kind": "Deployment", "name": "web"} | ref
    spec = {"scaleTargetRef": target} | ({"minReplicas": least} if least else {})
    return {"kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}, "spec": spec}


SCALED = {
    "it asks for more": (scaler(3), 2, "deployment/web (2 of 3 pods asked for by its autoscaler)"),
    "it has what it asks for": (scaler(2), 2, ""),
    "it asks for nothing": (scaler(None), 2, ""),
    "it is for another": (scaler(3, name="api"), 2, ""),
    "scaled to none by hand": (scaler(3), 0, ""),
}


@pytest.mark.parametrize(("autoscaler", "replicas", "text"), SCALED.values(), ids=SCALED)
def test_a_rollout_is_good_when_the_pods_that_its_autoscaler_asks_for_are_there(autoscaler, replicas, text):
    watch = Watch(applied_goal("shop", [deployment(), autoscaler]))
    items = [deployment(replicas, replicas, replicas), replica_set()]
    items += [pod(f"web-new-{number}") for number in range(replicas)]
    assert watch(items).waits_for == text
    grown = [deployment(3, 3, 3), replica_set(), *(pod(f"web-new-{number}") for number in range(3))]
    assert watch(grown).kind == "good"


HEALING = {
    "an init container that waits by failing": (
        [pod(ready=False, state=BACKS_OFF, last=CRASHED, restarts=4)],
        "crash-loop",
    ),
    "a Secret that comes late": (
        [pod(ready=False, state=waiting("CreateContainerConfigError", 'secret "a" not found'))],
        "config-missing",
    ),
    "no room": (
        [pod(ready=False, state=waiting(""), conditions=[NO_ROOM])],
        "unschedulable",
    ),
}


@pytest.mark.parametrize("by", ["the environment", "the workload"])
@pytest.mark.parametrize(("pods", "reason"), HEALING.values(), ids=HEALING)
def test_what_can_heal_has_until_the_deadline_where_that_is_asked_for(by, pods, reason):
    watch = Watch(replace(GOAL, tolerant=by == "the environment"))
    items = broken(*pods)
    if by == "the workload":
        items[0]["metadata"]["annotations"] = {TOLERATE: UNTIL_DEADLINE}
    assert watch(items).kind == watch(items, 100).kind == "waiting"
    assert watch(items, 1, overdue=True).reason == reason


def test_what_does_not_heal_is_the_end_all_the_same():
    watch = Watch(replace(GOAL, tolerant=True))
    missing = pod(ready=False, state=waiting("ErrImagePull", "code = NotFound: not found"))
    assert watch(broken(missing)).reason == "image-not-found"


def test_another_value_of_the_annotation_would_do_nothing_and_is_refused():
    asking = {"kind": "Deployment", "metadata": {"name": "web", "annotations": {TOLERATE: "until-deadlin"}}}
    with pytest.raises(AksFlowError, match="deployment/web: .* has no value 'until-deadlin'.*until-deadline"):
        check([deployment(), asking])


def halted(item: dict, **spec) -> dict:
    return item | {"spec": item["spec"] | spec}


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (halted(deployment(), paused=True), "it is paused; `kubectl rollout resume deployment/web`"),
        (halted(job(), suspend=True), "it is suspended; `kubectl patch job/migrate"),
    ],
    ids=["a Deployment", "a Job"],
)
def test_what_somebody_stops_on_its_way_is_theirs_and_no_version_is_blamed(item, words):
    watch = Watch(applied_goal("shop", [deployment() if item["kind"] == "Deployment" else job()]))
    items = [item, *rolled_out()[1:]]
    assert watch(items).kind == watch(items, 14.9).kind == "waiting"
    judged = watch(items, 0.1)
    assert (judged.reason, words in judged.findings[0].text) == ("superseded", True)


def test_what_somebody_deletes_on_its_way_does_not_take_the_time_until_the_deadline():
    watch = Watch()
    assert watch([]).kind == watch([], 9.9).kind == "waiting"  # a watch may be late to show it
    judged = watch([], 0.1)
    assert (judged.reason, judged.findings[0].text) == (
        "never-ready",
        "it was applied, and somebody deleted it",
    )


def test_what_nobody_has_seen_and_a_job_that_removed_itself_were_not_deleted_by_somebody():
    for goal in (standing_goal("shop", [deployment()]), applied_goal("shop", [job()])):
        assert [Watch(goal)([], after).kind for after in (0, 20)] == ["waiting", "waiting"]


def test_a_job_that_its_manifest_suspends_is_not_waited_for():
    assert applied_goal("shop", [halted(job(), suspend=True)]).targets == ()
