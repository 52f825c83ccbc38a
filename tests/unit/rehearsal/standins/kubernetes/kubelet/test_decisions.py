"""Back-off, probe thresholds, durations, and which container's log is meant."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kubelet import container_lookup
from aks_flow.rehearsal.standins.kubernetes.kubelet.backoff import Backoff, RestartBackoff
from aks_flow.rehearsal.standins.kubernetes.kubelet.durations import go_duration
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.puller import NeverPull, PullError
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod import waiting_reason
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes import target
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes.outcome import ProbeVerdict
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.errors import ContainerConfigError


def test_waits_double_up_to_five_minutes_and_can_be_forgiven():
    backoff = Backoff()
    assert [backoff.fail() for _ in range(7)] == [10, 20, 40, 80, 160, 300, 300]
    backoff.reset()
    assert backoff.fail() == 10


def test_the_first_end_is_restarted_at_once_and_ten_minutes_of_running_forgive():
    backoff = RestartBackoff()
    assert [backoff.after_run(1) for _ in range(4)] == [0, 10, 20, 40]
    assert [backoff.after_run(600), backoff.after_run(1)] == [0, 10]


@pytest.mark.parametrize(
    ("answers", "start", "thresholds", "believed"),
    [
        ([True], False, (1, 3), [True]),
        ([False, False, False], True, (1, 3), [True, True, False]),
        ([False, True, False, False], True, (1, 3), [True, True, True, True]),
        ([True, True], False, (2, 1), [False, True]),
        ([True, False, True], False, (2, 1), [False, False, False]),
    ],
)
def test_a_probe_is_believed_after_enough_answers_in_a_row(answers, start, thresholds, believed):
    verdict = ProbeVerdict(start, *thresholds)
    beliefs = []
    for answer in answers:
        verdict.observe(answer)
        beliefs.append(verdict.holds)
    assert beliefs == believed


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.128, "128ms"),
        (1.5, "1.5s"),
        (10, "10s"),
        (80, "1m20s"),
        (160, "2m40s"),
        (300, "5m0s"),
        (3700, "1h1m40s"),
    ],
)
def test_durations_are_written_as_go_does(seconds, text):
    assert go_duration(seconds) == text


def test_a_port_is_a_number_or_a_name_of_the_container():
    container = {"ports": [{"name": "http", "containerPort": 8080}]}
    assert [target.port(container, named) for named in (80, "http", "81")] == [80, 8080, 81]
    with pytest.raises(ValueError, match="couldn't find port: nope"):
        target.port(container, "nope")


def test_a_probes_url_is_the_pods():
    action = {"path": "ready?x=1", "port": 80, "scheme": "HTTPS"}
    assert target.url(action, {}, "10.0.0.9") == "https://10.0.0.9:80/ready?x=1"


@pytest.mark.parametrize(
    ("error", "reason", "events"),
    [
        (
            PullError("gone"),
            "ErrImagePull",
            [("Failed", 'Failed to pull image "i": gone'), ("Failed", "Error: ErrImagePull")],
        ),
        (
            NeverPull("not here"),
            "ErrImageNeverPull",
            [("ErrImageNeverPull", "not here"), ("Failed", "Error: ErrImageNeverPull")],
        ),
        (ContainerConfigError("no key"), "CreateContainerConfigError", [("Failed", "Error: no key")]),
        (waiting_reason.CreateError("no"), "CreateContainerError", [("Failed", "Error: no")]),
    ],
)
def test_an_error_becomes_kubelets_reason_and_events(error, reason, events):
    cause = waiting_reason.from_error(error, "i")
    assert (cause.reason, cause.message, list(cause.events)) == (reason, str(error), events)


def pod(state: dict, last: dict | None = None, node: str = "rehearsal") -> dict:
    entry = {"name": "web", "state": state, "lastState": last or {}, "containerID": "docker://now"}
    return {
        "metadata": {"name": "web-1"},
        "spec": {"nodeName": node, "containers": [{"name": "web"}]},
        "status": {"containerStatuses": [entry]},
    }


BEFORE = {"terminated": {"containerID": "docker://before"}}


@pytest.mark.parametrize(
    ("given", "previous", "container_id"),
    [
        (pod({"running": {}}), False, "now"),
        (pod({"running": {}}, BEFORE), True, "before"),
        (pod({"terminated": {"containerID": "docker://ended"}}), False, "ended"),
        (pod({"waiting": {"reason": "CrashLoopBackOff"}}, BEFORE), False, "before"),
    ],
)
def test_the_container_to_read_is_found(given, previous, container_id):
    assert container_lookup.container_to_read(given, "web", previous) == container_id


@pytest.mark.parametrize(
    ("given", "container", "previous", "message"),
    [
        (pod({"running": {}}), "web", True, 'previous terminated container "web" in pod "web-1" not found'),
        (
            pod({"waiting": {"reason": "ContainerCreating"}}),
            "web",
            False,
            'container "web" in pod "web-1" is waiting to start: ContainerCreating',
        ),
        (
            pod({"waiting": {"reason": "ImagePullBackOff"}}),
            "web",
            False,
            'container "web" in pod "web-1" is waiting to start: trying and failing to pull image',
        ),
        (pod({}, node=""), "web", False, "pod web-1 does not have a host assigned"),
        (pod({}), "nope", False, "container nope is not valid for pod web-1"),
    ],
)
def test_a_log_that_is_not_there_is_refused_in_kubelets_words(given, container, previous, message):
    with pytest.raises(StatusError) as refused:
        container_lookup.container_to_read(given, container, previous)
    assert (refused.value.code, refused.value.message) == (400, message)
