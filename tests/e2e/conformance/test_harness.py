"""The conformance harness finds differences, and only differences: no cluster is needed to prove it."""

import json
from dataclasses import replace

import pytest

from tests.e2e.conformance import exchanges, steps
from tests.e2e.conformance.compare import differences
from tests.e2e.conformance.exchanges import Exchange
from tests.e2e.conformance.normal import Normaliser
from tests.e2e.conformance.replay import Replayed, pipeline

STEPS = {step.name: step for step in steps.load()}
ELSEWHERE = Normaliser("registry.test:5443", ("node-7",))
RENAMED = {
    "localhost:5000": "registry.test:5443",
    "real-node": "node-7",
    "79747c6547": "5d8f9b7c66",
    "2fxcb": "zz9xw",
    "10.244.0.": "172.30.4.",
    "2026-11-22T22": "2031-01-02T03",
    "2803de64-8346": "00000000-1111",
    "4s ": "12m ",
    "containerd://9ac4": "containerd://0000",
}


def answer_of(step, rename: dict[str, str] = RENAMED) -> Replayed:
    """The recorded answer as another cluster would give it at another time."""
    stdout = step.stdout if isinstance(step.stdout, str) else json.dumps(step.stdout)
    stderr = step.stderr
    for old, new in rename.items():
        stdout, stderr = stdout.replace(old, new), stderr.replace(old, new)
    return Replayed(step.exit, stdout, stderr, step.http)


def found(step, answer: Replayed, names: Normaliser = ELSEWHERE) -> list[str]:
    ours, theirs = (replace(normaliser, ignore=step.ignore) for normaliser in (Normaliser(), names))
    return differences(step, answer, ours, theirs)


def changed(step, **parts) -> list[str]:
    """Differences of the recorded answer with some of its parts replaced."""
    return found(step, answer_of(step, {})._replace(**parts), Normaliser())


@pytest.mark.parametrize("name", STEPS)
def test_a_recorded_answer_from_another_cluster_conforms(name):
    assert found(STEPS[name], answer_of(STEPS[name])) == []


def test_all_77_recordings_are_replayed_once():
    assert sorted(STEPS) == sorted(file.stem for file in (steps.DATA / "steps").glob("*.json"))
    assert len(STEPS) == 77


SEEDED = [
    ("01-version", "Kustomize", "Customize"),
    ("04-apply-create", "deployment.apps/web created", "deployment.apps/web configured"),
    ("05-rollout-status-create", "0 of 2 updated", "0 of 3 updated"),
    ("07-get-table", "2/2", "1/2"),
    ("09-get-deployment-json", '"observedGeneration": 1', '"observedGeneration": "1"'),
    ("09-get-deployment-json", '"periodSeconds": 1', '"periodSecond": 1'),
    ("10-get-pods-json", '"qosClass": "Burstable"', '"qosClass": "Guaranteed"'),
    ("10-get-pods-json", '"containerID"', '"containerId"'),
    ("13-get-events", "Container created", "Created container"),
    ("14-describe-deployment", "25% max surge", "1 max surge"),
    ("15-logs", "listening v1", "listening v2"),
    ("16-diff-image", "-  generation: 1", "-  generation: 2"),
    ("30-get-pods-imagepull-json", "ErrImagePull", "ImagePullBackOff"),
    ("33-get-pods-crashloop", "CrashLoopBackOff   2", "CrashLoopBackOff   3"),
    ("34-get-pods-crashloop-json", "back-off 20s", "back-off 40s"),
    ("35-events-crashloop", "Error: ErrImagePull", "Error: pull failed"),
    ("42-error-immutable-selector", "field is immutable", "is immutable"),
    ("77-events-never-ready", "503", "500"),
]


@pytest.mark.parametrize(("name", "old", "new"), SEEDED)
def test_a_seeded_difference_is_found(name, old, new):
    step = STEPS[name]
    seeded = answer_of(step, {old: new})
    assert seeded != answer_of(step, {}), "the seed did not change the answer"
    assert found(step, seeded, Normaliser())


def test_a_wrong_exit_code_is_found():
    assert changed(STEPS["44-error-not-found"], exit=0)


def test_a_missing_row_and_a_surplus_row_are_found():
    step = STEPS["07-get-table"]
    lines = step.stdout.splitlines()
    assert not changed(step, stdout="\n".join(lines))
    assert changed(step, stdout="\n".join(lines[:-1]))
    assert changed(step, stdout="\n".join([*lines, lines[-1]]))


def test_a_missing_item_is_found_and_a_surplus_key_is_not_a_difference():
    step = STEPS["10-get-pods-json"]
    fewer = {**step.stdout, "items": step.stdout["items"][:1]}
    more = {**step.stdout, "items": [{**item, "new": {}} for item in step.stdout["items"]]}
    assert changed(step, stdout=json.dumps(fewer))
    assert not changed(step, stdout=json.dumps(more))


def test_an_exchange_with_another_status_or_path_is_not_alike():
    recorded = [Exchange("GET /api/v1/pods?limit=500 200"), Exchange("GET /api/v1/namespaces/shop 404")]
    live = [recorded[0], Exchange("GET /api/v1/namespaces/shop 200")]
    assert exchanges.alike(recorded, recorded, Normaliser(), ELSEWHERE) == (2, 0, [])
    assert exchanges.alike(recorded, live, Normaliser(), ELSEWHERE) == (1, 0, [])


POD = {"kind": "Pod", "metadata": {"name": "a", "labels": {}}, "spec": {"containers": [{"name": "a"}]}}


@pytest.mark.parametrize(
    ("live", "fault"),
    [
        (POD, None),
        (POD | {"status": {}}, None),
        (POD | {"kind": "Status"}, "GET /p 200: a Status, not a Pod"),
        (POD | {"metadata": {"name": 1, "labels": {}}}, "GET /p 200: lacks .metadata.name: number"),
        (POD | {"spec": {"containers": [{"image": "a"}]}}, "GET /p 200: lacks .spec.containers[].name"),
        (POD | {"metadata": {"name": "a"}}, "GET /p 200: lacks .metadata.labels"),
    ],
)
def test_a_body_of_another_kind_or_shape_is_not_alike(live, fault):
    recorded, answered = (exchanges.exchange("GET /p 200", json.dumps(body)) for body in (POD, live))
    faults = [] if fault is None else [fault]
    found = exchanges.alike([recorded], [answered], Normaliser(), ELSEWHERE)
    assert found == (int(not faults), 1, faults)


def test_exchanges_are_read_from_kubectl_s_log_and_leave_what_it_said():
    head = "I1123 01:12:32.055810   27001 "
    log = (
        f'{head}request.go:685] "Waited before sending request" delay="96ms" verb="GET" URL="https://h:1/api"\n'
        f'{head}helper.go:105] "Request Body" body=""\n'
        f'{head}round_trippers.go:632] "Response" verb="GET" '
        'url="https://h:1/api/v1/pods?limit=5" status="404 Not Found" milliseconds=1\n'
        f'{head}helper.go:105] "Response Body" body=<\n\t{{"kind":"Status","code":404}}\n >\n'
    )
    exchange = Exchange("GET /api/v1/pods?limit=5 404", "Status", {"kind": "string", "code": "number"})
    assert exchanges.split(f"{log}Error from server\n") == ("Error from server\n", [exchange])


def test_a_pipeline_is_split_outside_quotes_only():
    assert pipeline("sed 's/a|b/c/' m/web.yaml | kubectl apply -f -") == [
        ["sed", "s/a|b/c/", "m/web.yaml"],
        ["kubectl", "apply", "-f", "-"],
    ]
