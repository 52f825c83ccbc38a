"""What a plan says of the cluster as it is: what would keep a delivery from ending, and what a diff hides."""

import json

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.push.obstacles import obstacles, refuse
from aks_flow.push.remarks import remarks, unmarked
from aks_flow.tools.kubectl.apply import LAST_APPLIED

POD = {"containers": [{"name": "web", "image": "web:1"}]}


def item(kind: str, name: str = "web", **fields) -> dict:
    api = {"Deployment": "apps/v1", "StatefulSet": "apps/v1", "Job": "batch/v1"}.get(kind, "v1")
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, **fields}


def workload(kind: str = "Deployment", pod: dict = POD, **spec) -> dict:
    return item(kind, spec={"template": {"spec": pod}, **spec})


def live(now: dict, applied: dict | None = None) -> dict:
    """As the server has it. applied: what kubectl applied last, None if it did not."""
    note = {LAST_APPLIED: json.dumps(applied)} if applied else {}
    return {**now, "metadata": now["metadata"] | {"annotations": note}}


JOB, PAUSED = workload("Job"), workload(paused=True)
NONE, SUSPENDED = workload(replicas=0), workload("Job", suspend=True)
RESUME, SCALE = "--namespace shop rollout resume deployment/web", "scale deployment/web --replicas=1"
STOPPED = {
    "paused by hand": (workload(), live(PAUSED, workload()), RESUME),
    "paused, and not by kubectl": (workload(), live(PAUSED), RESUME),
    "paused by the manifests": (PAUSED, live(PAUSED, PAUSED), "take `paused` out of them"),
    "paused by the manifests before": (workload(), live(PAUSED, PAUSED), ""),
    "scaled to none by hand": (workload(), live(NONE, workload()), SCALE),
    "scaled to none, and the manifests say how many": (workload(replicas=3), live(NONE), ""),
    "scaled to none by the manifests before": (workload(), live(NONE, NONE), ""),
    "a StatefulSet scaled to none": (
        workload("StatefulSet"),
        live(workload("StatefulSet", replicas=0)),
        "scale statefulset/web",
    ),
    "a Job suspended by hand": (JOB, live(SUSPENDED, JOB), "patch job/web --type=merge"),
    "a Job suspended by the manifests": (SUSPENDED, live(SUSPENDED), ""),
    "as ever": (workload(), live(workload(replicas=2), workload()), ""),
    "another of the name": (item("Service"), live(item("Service")), ""),
}


@pytest.mark.parametrize(("wanted", "there", "command"), STOPPED.values(), ids=STOPPED)
def test_what_people_have_stopped_is_said_before_anything_begins_with_the_command(wanted, there, command):
    texts = obstacles([wanted], [there], "shop")
    assert len(texts) == bool(command) and all(command in text for text in texts)


def test_what_is_not_there_yet_cannot_have_been_stopped():
    assert obstacles([workload()], [], "shop") == ()


def test_a_delivery_that_could_not_end_is_refused_and_nothing_was_changed():
    refuse("dev", ())
    with pytest.raises(AksFlowError, match="dev could not end, and nothing was changed:\n    a\n    b\n"):
        refuse("dev", ("a", "b"))


def config(kind: str = "ConfigMap", **data: str) -> dict:
    return item(kind, "settings", data=data)


def reading(**container) -> dict:
    return {"containers": [{"name": "web", "image": "web:1", **container}]}


def mounting(volume: dict, **mount) -> dict:
    pod = reading(volumeMounts=[{"name": "v", "mountPath": "/etc/web", **mount}])
    return pod | {"volumes": [{"name": "v", **volume}]}


ENV, FILES, SUBPATH = "their environment keeps", "their files change within", "by subPath keep"
READ = {
    "all variables": (reading(envFrom=[{"configMapRef": {"name": "settings"}}]), [ENV]),
    "one variable": (
        reading(env=[{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "a"}}}]),
        [ENV],
    ),
    "an init container's": (
        POD | {"initContainers": [{"name": "i", "envFrom": [{"configMapRef": {"name": "settings"}}]}]},
        [ENV],
    ),
    "a volume": (mounting({"configMap": {"name": "settings"}}), [FILES]),
    "a file of a volume": (mounting({"configMap": {"name": "settings"}}, subPath="a"), [SUBPATH]),
    "a projected volume": (
        mounting({"projected": {"sources": [{"configMap": {"name": "settings"}}]}}),
        [FILES],
    ),
    "another's": (reading(envFrom=[{"configMapRef": {"name": "other"}}]), []),
    "a Secret of the name": (reading(envFrom=[{"secretRef": {"name": "settings"}}]), []),
    "nothing": (POD, []),
}


@pytest.mark.parametrize(("pod", "ways"), READ.values(), ids=READ)
def test_pods_that_do_not_notice_a_new_value_are_named_with_how_they_read_it(pod, ways):
    old, new, web = config(a="1"), config(a="2"), workload(pod=pod)
    texts = remarks([new, web], [live(old, old), live(web, web)], "shop")
    assert len(texts) == bool(ways)
    assert all(way in text and "rollout restart deployment/web" in text for text in texts for way in ways)


def test_a_secret_is_compared_as_it_was_applied():
    pod = reading(envFrom=[{"secretRef": {"name": "settings"}}])
    web, old = workload(pod=pod), item("Secret", "settings", stringData={"a": "1"})
    there = [live(item("Secret", "settings", data={"a": "MQ=="}), old), live(web, web)]
    assert remarks([old, web], there, "shop") == ()
    new = item("Secret", "settings", stringData={"a": "2"})
    assert len(remarks([new, web], there, "shop")) == 1


def test_pods_that_are_replaced_anyway_read_the_new_value():
    old, new = config(a="1"), config(a="2")
    before = workload(pod=reading(envFrom=[{"configMapRef": {"name": "settings"}}]))
    after = workload(pod=before["spec"]["template"]["spec"] | {"serviceAccountName": "web"})
    assert remarks([new, after], [live(old, old), live(before, before)], "shop") == ()


def test_values_that_stay_are_no_news():
    web = workload(pod=reading(envFrom=[{"configMapRef": {"name": "settings"}}]))
    assert remarks([config(a="1"), web], [live(config(a="1")), live(web, web)], "shop") == ()


@pytest.mark.parametrize(
    ("kind", "app", "count"),
    [
        ("Deployment", "web", 0),
        ("StatefulSet", "web", 0),
        ("DaemonSet", "web", 1),
        ("Deployment", "front", 1),
    ],
)
def test_it_is_said_that_nothing_tells_what_runs(kind, app, count):
    texts = list(unmarked([workload(kind)], app))
    assert len(texts) == count and all(f"deployment/{app} (`app.name`)" in text for text in texts)


SCALER = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "web"},
    "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}},
}
ONE, THREE = workload(replicas=1), workload(replicas=3)
SCALED = {
    "it had three": (live(THREE, THREE), "3 → 1: `replicas`"),
    "it has been scaled since": (live(workload(replicas=5), THREE), "5 → 1"),
    "it has one": (live(ONE, ONE), ""),
    "it never said": (live(THREE, workload()), ""),
}


@pytest.mark.parametrize(("there", "words"), SCALED.values(), ids=SCALED)
def test_replicas_that_leave_the_manifests_are_said_in_numbers(there, words):
    texts = remarks([workload()], [there], "shop")
    assert len(texts) == bool(words) and all(words in text for text in texts)
    scaled = remarks([workload(), SCALER], [there], "shop")
    assert len(scaled) == bool(words)
    assert all("until its autoscaler scales it again" in text for text in scaled)
