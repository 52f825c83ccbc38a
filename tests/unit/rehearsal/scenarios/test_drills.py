"""Drills as values: what counts as met, where a fault is made, and what a project lacks for one."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from aks_flow.core.config.app import App, AppImage
from aks_flow.core.config.contract import Contract
from aks_flow.core.config.render import RenderSettings
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.scenarios import drills
from aks_flow.rehearsal.scenarios.drills import extra_objects, faults, project
from aks_flow.rehearsal.scenarios.drills.drill import PUSH, Drill, DrillResult, Expected, TaskAnswer
from aks_flow.rehearsal.scenarios.drills.faults import FaultyContainer
from aks_flow.rehearsal.tasks.drill import row
from tests.unit.rendering import rendered

BAD = {"verdict": "crash-loop"}
STEPS = {"steps": [{"name": "lock", "seconds": 14.2}, {"name": "apply", "seconds": 1}]}


def result(expected: Expected, answer: TaskAnswer) -> DrillResult:
    return DrillResult(Drill("x", PUSH, expected, lambda context: answer), answer)


@pytest.mark.parametrize(
    ("answer", "met"),
    [
        (TaskAnswer(12, BAD, "dev is bad", 20), True),
        (TaskAnswer(12, BAD, "dev is bad", 41), False),
        (TaskAnswer(1, BAD, "dev is bad", 20), False),
        (TaskAnswer(12, {"verdict": "never-ready"}, "dev is bad: crash-loop", 20), False),
        (TaskAnswer(0, {"outcome": {}}, "", 20), False),
        (TaskAnswer(12, {}, "dev is bad: crash-loop", 20), False),
    ],
)
def test_a_drill_is_met_by_the_reason_the_exit_code_and_the_time_together(answer, met):
    assert result(Expected.verdict("crash-loop", within=40), answer).met is met


@pytest.mark.parametrize(
    ("answer", "met"),
    [
        (TaskAnswer(1, {}, "no. Log in with `docker login x`.", 1), True),
        (TaskAnswer(1, {}, "the registry does not answer", 1), False),
        (TaskAnswer(1, BAD, "docker login", 1), False),
    ],
)
def test_a_drill_without_a_verdict_is_met_by_what_its_error_names(answer, met):
    assert result(Expected(1, within=20, error="docker login"), answer).met is met


@pytest.mark.parametrize(("least", "met"), [(14, True), (15, False)])
def test_a_drill_can_ask_how_long_a_step_took(least, met):
    held = result(Expected(0, within=60, steps={"lock": least}), TaskAnswer(0, STEPS, "", 20))
    assert held.met is met and held.seen == "good, exit 0, lock 14 s"


REMOVED = {"outcome": {"removed": ["deployment.apps/old", "configmap/old"]}}


@pytest.mark.parametrize(("gone", "met"), [("deployment.apps/old", True), ("deployment.apps/web", False)])
def test_a_drill_can_ask_what_a_push_removed(gone, met):
    held = result(Expected(0, within=60, removed=(gone,)), TaskAnswer(0, REMOVED, "", 20))
    assert held.met is met and held.seen == ("good, exit 0" + f", {gone} removed" * met)
    assert str(held.drill.expected) == f"good, exit 0, {gone} removed"


def test_a_row_says_what_was_seen_instead():
    answer = TaskAnswer(1, {}, "the disk is full. Make room.\nmore", 3)
    cells = row(result(Expected(0, within=20), answer))
    assert cells[2:] == ["good, exit 0", "the disk is full. Make room., exit 1", "3.0", "20", "NO"]


def test_a_name_chooses_a_drill_on_each_path_that_has_it(config):
    assert [drill.path for drill in drills.choose("crash-loop", config)] == ["push", "pull"]
    assert len(drills.choose("", config)) == len(drills.DRILLS)
    with pytest.raises(AksFlowError, match="there is no drill 'earthquake'") as refused:
        drills.choose("earthquake", config)
    assert "missing-image, crash-loop" in refused.value.next_step


@pytest.mark.parametrize("name", ["crash-loop", "quota", "hung-sync", "backend-away"])
def test_what_the_configuration_rules_out_is_refused_before_anything_starts(config, name):
    plain = replace(config, app=replace(config.app, render=RenderSettings("plain")))
    with pytest.raises(AksFlowError, match=f"{name} is not offered: "):
        drills.choose(name, plain)
    assert drills.choose("stale-lock", plain) and drills.choose("", plain)


SERVICE = {"kind": "Service", "metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}}}
WEB = FaultyContainer("Deployment", "web", "web")


def workload(kind: str, name: str, *containers: tuple[str, str]) -> dict:
    template = {
        "metadata": {"labels": {"app": name, "tier": "x"}},
        "spec": {"containers": [{"name": called, "image": image} for called, image in containers]},
    }
    return {"kind": kind, "metadata": {"name": name}, "spec": {"template": template}}


WORKER = workload("Deployment", "a-worker", ("main", "host:5000/team/api:1"))
SITE = workload("Deployment", "web", ("proxy", "envoy:1"), ("web", "host:5000/team/api:1"))
DATABASE = workload("StatefulSet", "db", ("postgres", "postgres:16"), ("exporter", "e:1"))


def read(config, *objects: dict, **changes) -> project.DrilledProject:
    away = replace(config.rehearsal, away=changes.pop("away", ""))
    app = App("other", "manifests", images={"api": AppImage("api")}, **changes)
    settings = replace(config, app=app, contract=Contract("web"), rehearsal=away)
    return project.read(objects, settings, lambda image: "api" in image)


@pytest.mark.parametrize(
    ("objects", "answering"),
    [
        ([WORKER, SITE, SERVICE], WEB),
        ([WORKER, SITE], FaultyContainer("Deployment", "a-worker", "main")),
        ([DATABASE, SERVICE], None),
        ([workload("Deployment", "x", ("a", "b:1"), ("c", "d:1"))], FaultyContainer("Deployment", "x", "a")),
        (
            [WORKER, workload("Deployment", "other", ("o", "o:1"))],
            FaultyContainer("Deployment", "other", "o"),
        ),
        ([], None),
    ],
)
def test_a_fault_is_made_where_the_project_answers(config, objects, answering):
    assert read(config, *objects).answering == answering


def test_a_fault_of_a_store_is_made_in_a_stateful_set(config):
    found = read(config, WORKER, DATABASE, away="db")
    assert (found.stateful, found.needed) == (FaultyContainer("StatefulSet", "db", "postgres"), "db")
    assert read(config, WORKER, DATABASE, away="redis").needed == ""


SHELL = ["crash-loop", "job-ttl"]
DEPLOYMENT = [
    *("away-at-deadline", "away-at-verdict", "hand-made-patch", "liveness-loop", "missing-image"),
    *("never-ready", "registry-401", *SHELL),
]
KUSTOMIZATION = ["quota", "removed-deployment"]
ALL = ["backend-away", "stateful-stuck", *DEPLOYMENT, *KUSTOMIZATION]


@pytest.mark.parametrize(
    ("objects", "changes", "lacking"),
    [
        ([SITE, SERVICE, DATABASE], {"away": "db"}, []),
        ([SITE, SERVICE, DATABASE], {}, ["backend-away"]),
        ([SITE, SERVICE], {}, ["backend-away", "stateful-stuck"]),
        ([workload("Deployment", "web", ("web", "distroless:1")), DATABASE], {"away": "db"}, SHELL),
        ([workload("Deployment", "web", ("web", "else/api-x:1")), DATABASE], {"away": "db"}, ["job-ttl"]),
        ([DATABASE], {"away": "db"}, DEPLOYMENT),
        ([SITE, SERVICE, DATABASE], {"away": "db", "render": RenderSettings("plain")}, ALL),
    ],
)
def test_a_drill_that_a_project_cannot_have_says_what_is_lacking(config, objects, changes, lacking):
    found = read(config, *objects, **changes)
    lacks = {drill.name: drill.lacks(found) for drill in drills.DRILLS if drill.path == PUSH}
    assert sorted(name for name, why in lacks.items() if why) == sorted(lacking)


def test_a_drill_that_is_not_held_says_so_and_misses_nothing():
    held = DrillResult(Drill("x", PUSH, Expected(0, 1), pytest.fail), None, "the project has no StatefulSet")
    assert held.met and row(held)[3] == "not offered: the project has no StatefulSet"


def test_a_drill_that_fails_is_missed_and_does_not_end_the_others(config):
    def fails(context):
        raise AksFlowError("the delivery did not come to\n'failed rollout'", next_step="Look.")

    rooms = SimpleNamespace(
        config=config, projects={PUSH: None}, shown=lambda *_, **__: nullcontext(), steps=Steps(Silent())
    )
    held = drills.hold(Drill("x", PUSH, Expected(0, 1), fails), rooms)
    assert not held.met and row(held)[3:] == [
        "failed: the delivery did not come to 'failed rollout'", "", "", "NO"
    ]  # fmt: skip
    assert rooms.steps.done[0].note.startswith("MISSED: failed: ")


PROBED = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: proxy, image: "envoy:1"}
        - {name: web, image: "web:1", readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 3}}
"""
STORE = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {replicas: 3, serviceName: db}}"
PLAIN = "resources: [web.yaml, db.yaml]\n"
WITH_OTHERS = (
    PLAIN
    + """\
patches:
  - patch: |
      - {op: replace, path: /spec/template/spec/containers/1/image, value: "web:2"}
    target: {kind: Deployment, name: web}
"""
)


@pytest.mark.parametrize("kustomization", [PLAIN, WITH_OTHERS], ids=["without patches", "with patches"])
@pytest.mark.parametrize(
    ("edit", "kind", "place", "expected"),
    [
        (faults.in_container(WEB, faults.CRASH_LOOP), "Deployment", ("web", "command"), ["sh", "-c"]),
        (
            faults.in_container(WEB, faults.NEVER_READY),
            "Deployment",
            ("web", "readinessProbe"),
            {"tcpSocket": {"port": 1}},
        ),
        (faults.in_container(WEB, faults.MISSING_SECRET), "Deployment", ("web", "env"), None),
        (faults.in_container(WEB, faults.missing_image("r.example")), "Deployment", ("web", "image"), None),
        (faults.in_helper(WEB, faults.denied_image("r.example")), "Deployment", ("helper", "image"), None),
    ],
)
def test_a_fault_is_one_more_patch_that_kustomize_takes(tmp_path, kustomization, edit, kind, place, expected):
    [web] = [item for item in built(tmp_path, edit(kustomization)) if item["kind"] == kind]
    container, field = place
    containers = {item["name"]: item for item in web["spec"]["template"]["spec"]["containers"]}
    assert field in containers[container] and containers["proxy"]["image"] == "envoy:1"
    if isinstance(expected, dict):
        assert containers[container][field] == expected, "of a probe's kinds one is left"
    elif expected:
        assert containers[container][field][: len(expected)] == expected


@pytest.mark.parametrize("generated", ["", "configMapGenerator: [{name: own, literals: [a=b]}]\n"])
def test_more_config_maps_keep_their_names(tmp_path, generated):
    objects = built(tmp_path, faults.with_config_maps("drill-a", "drill-b")(PLAIN + generated))
    names = {item["metadata"]["name"] for item in objects if item["kind"] == "ConfigMap"}
    assert names >= {"drill-a", "drill-b"} and len(names) == 2 + bool(generated)


EXTRA = {
    "Deployment": extra_objects.deployment_without_pods("extra", "web:1"),
    "Job": extra_objects.job_gone_at_its_end("extra", "web"),
}


@pytest.mark.parametrize("kind", EXTRA)
def test_an_object_of_its_own_is_a_file_beside_the_others(tmp_path, kind):
    (tmp_path / "extra.yaml").write_text(EXTRA[kind])
    objects = built(tmp_path, faults.with_resources("extra.yaml")(PLAIN))
    assert [item["kind"] for item in objects if item["metadata"]["name"] == "extra"] == [kind]
    assert len(objects) == 3 and faults.with_resources()(PLAIN) == PLAIN


def test_a_store_is_taken_away_by_a_patch(tmp_path):
    [store] = [
        item for item in built(tmp_path, faults.without_pods("db")(PLAIN)) if "Stateful" in item["kind"]
    ]
    assert store["spec"]["replicas"] == 0


def built(folder: Path, kustomization: str) -> list[dict]:
    """As kubectl has it."""
    (folder / "web.yaml").write_text(PROBED)
    (folder / "db.yaml").write_text(STORE)
    (folder / "kustomization.yaml").write_text(kustomization)
    return rendered(folder)
