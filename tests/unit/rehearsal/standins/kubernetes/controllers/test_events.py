"""The recorder: Kubernetes events, counted when they repeat, gone after an hour."""

from datetime import timedelta

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder


class Clock:
    def __init__(self):
        self.moment = times.now()

    def __call__(self):
        return self.moment


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def recorder(objects, clock):
    return Recorder(objects, clock)


@pytest.fixture
def pod(objects):
    spec = {"containers": [{"name": "web", "image": "v1"}], "nodeName": "node-1"}
    return objects.create(kinds.POD, {"metadata": {"name": "web", "namespace": "default"}, "spec": spec})


def _events(objects) -> list[dict]:
    return objects.list(kinds.EVENT, "default")


def test_an_event_says_who_what_and_where(objects, recorder, clock, pod):
    recorder.event(pod, "Warning", "BackOff", "Back-off", "kubelet", "spec.containers{web}")
    (event,) = _events(objects)
    metadata = event.pop("metadata")
    assert metadata["name"].startswith("web.")
    assert event == {
        "kind": "Event",
        "apiVersion": "v1",
        "involvedObject": {
            "kind": "Pod",
            "namespace": "default",
            "name": "web",
            "uid": pod["metadata"]["uid"],
            "apiVersion": "v1",
            "resourceVersion": pod["metadata"]["resourceVersion"],
            "fieldPath": "spec.containers{web}",
        },
        "type": "Warning",
        "reason": "BackOff",
        "message": "Back-off",
        "source": {"component": "kubelet", "host": "node-1"},
        "reportingComponent": "kubelet",
        "reportingInstance": "node-1",
        "count": 1,
        "firstTimestamp": times.stamp(clock()),
        "lastTimestamp": times.stamp(clock()),
        "eventTime": None,
    }


def test_a_controller_reports_for_no_node(objects, recorder, pod):
    recorder.event(pod, "Normal", "SuccessfulCreate", "Created pod: web", "replicaset-controller")
    (event,) = _events(objects)
    assert event["source"] == {"component": "replicaset-controller"}
    assert event["reportingInstance"] == ""


def test_what_repeats_is_counted(objects, recorder, clock, pod):
    for _ in range(3):
        recorder.event(pod, "Warning", "Unhealthy", "probe failed", "kubelet")
        clock.moment += timedelta(seconds=10)
    (event,) = _events(objects)
    assert event["count"] == 3
    assert times.seconds_since(event["firstTimestamp"], times.parse(event["lastTimestamp"])) == 20


def test_another_message_is_another_event(objects, recorder, pod):
    recorder.event(pod, "Warning", "Unhealthy", "probe failed", "kubelet")
    recorder.event(pod, "Warning", "Unhealthy", "probe failed again", "kubelet")
    assert len(_events(objects)) == 2


def test_events_go_after_an_hour(objects, recorder, clock, pod):
    recorder.event(pod, "Normal", "Pulled", "old", "kubelet")
    clock.moment += timedelta(minutes=40)
    recorder.event(pod, "Normal", "Pulled", "younger", "kubelet")
    clock.moment += timedelta(minutes=25)
    recorder.event(pod, "Normal", "Pulled", "new", "kubelet")
    assert sorted(event["message"] for event in _events(objects)) == ["new", "younger"]


def test_a_repeated_event_that_was_deleted_is_told_anew(objects, recorder, pod):
    recorder.event(pod, "Normal", "Pulled", "again", "kubelet")
    objects.delete(kinds.EVENT, "default", _events(objects)[0]["metadata"]["name"])
    recorder.event(pod, "Normal", "Pulled", "again", "kubelet")
    assert [event["count"] for event in _events(objects)] == [1]


def test_an_event_that_cannot_be_written_raises_nothing(objects, recorder, pod):
    pod["metadata"]["namespace"] = "no-such-namespace"
    recorder.event(pod, "Normal", "Pulled", "lost", "kubelet")
    recorder.event({"metadata": {}}, "Normal", "Pulled", "lost", "kubelet")
    assert _events(objects) == []


def test_an_event_about_the_node_is_in_the_default_namespace(objects, recorder):
    node = objects.create(kinds.NODE, {"metadata": {"name": "node-1"}})
    recorder.event(node, "Normal", "NodeReady", "ready", "kubelet")
    (event,) = _events(objects)
    assert event["source"]["host"] == "node-1"


def test_many_events_that_differ_in_their_message_alone_become_one(objects, recorder, clock, pod):
    for number in range(14):
        recorder.event(pod, "Warning", "FailedCreate", f"pod {number}", "replicaset-controller")
    counts = {event["message"]: event["count"] for event in _events(objects)}
    assert len(counts) == 10
    assert counts["(combined from similar events): pod 13"] == 5
    clock.moment += timedelta(minutes=11)
    recorder.event(pod, "Warning", "FailedCreate", "pod 20", "replicaset-controller")
    assert "pod 20" in {event["message"] for event in _events(objects)}


def test_what_is_said_too_often_about_an_object_is_dropped(objects, recorder, clock, pod):
    for _ in range(30):
        recorder.event(pod, "Warning", "FailedCreate", "no room", "statefulset-controller")
    recorder.event(pod, "Normal", "SuccessfulCreate", "made", "statefulset-controller")
    recorder.event(pod, "Normal", "Started", "started", "kubelet")
    said = {event["reason"]: event["count"] for event in _events(objects)}
    assert said == {"FailedCreate": 25, "Started": 1}
    clock.moment += timedelta(minutes=5)
    recorder.event(pod, "Normal", "SuccessfulCreate", "made", "statefulset-controller")
    assert "SuccessfulCreate" in {event["reason"] for event in _events(objects)}
