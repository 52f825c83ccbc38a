"""The order of a sync as Argo CD has it: hooks, waves, removals; and how one that hangs is ended."""

import json

from tests.e2e.argocd.application import AUTOMATED, Application, condition, operation
from tests.e2e.cluster.objects import config_map, pod_spec, python, read, web, workload

_WAVE, _HOOK = "argocd.argoproj.io/sync-wave", "argocd.argoproj.io/hook"
_OPTIONS, _COMPARE = "argocd.argoproj.io/sync-options", "argocd.argoproj.io/compare-options"
END = [
    {"op": "test", "path": "/status/operationState/phase", "value": "Running"},
    {"op": "replace", "path": "/status/operationState/phase", "value": "Terminating"},
]


def annotated(item: dict, **annotations: str) -> dict:
    item["metadata"].setdefault("annotations", {}).update(annotations)
    return item


def hook(name: str, image: str, phase: str, script: str = "pass") -> dict:
    spec = {"restartPolicy": "Never", "containers": [python(image, script)]}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}}
    return annotated(job | {"spec": {"backoffLimit": 0, "template": {"spec": spec}}}, **{_HOOK: phase})


def plain(*items: dict) -> dict[str, str]:
    return {f"plain/{item['metadata']['name']}.json": json.dumps(item) for item in items}


def deployment(image: str, wave: str = "0") -> dict:
    item = workload("Deployment", "web", pod_spec(web(image)))
    return annotated(item, **{_WAVE: wave})


def results(application: Application) -> list[tuple[str, str]]:
    entries = application.status["operationState"]["syncResult"]["resources"]
    return [(entry["name"], entry["status"]) for entry in entries]


def test_a_wave_that_never_gets_healthy_holds_newer_commits_until_the_sync_is_ended(
    application, kubectl, demo
):
    later = annotated(config_map("later", key="value"), **{_WAVE: "1"})
    application.branch.commit(plain(deployment(demo["bad"]), later))
    application.create(AUTOMATED, path="plain")
    hangs = "waiting for healthy state of apps/Deployment/web"
    application.until(lambda status: status.get("operationState", {}).get("message") == hangs, "hangs")
    good = application.commit_and_refresh(plain(deployment(demo["v1"])))
    status = application.until(lambda status: status["sync"]["revision"] == good, "sees the correction")
    assert status["operationState"]["phase"] == "Running"
    assert kubectl("-n", application.target, "get", "configmap", "later").exit == 1
    kubectl.ok(
        *("-n", application.namespace, "patch", "applications.argoproj.io", application.name),
        *("--type=json", f"--patch={json.dumps(END)}"),
    )
    application.until_delivered(good)
    assert read(kubectl, application.target, "configmap/later")


def test_what_git_has_no_more_goes_before_anything_is_applied(application, demo):
    old = config_map("old", key="value")
    application.until_delivered(_created(application, plain(deployment(demo["v1"]), old)))
    new = plain(config_map("new", key="value"))
    application.until_delivered(application.commit_and_refresh(new, remove=("plain/old.json",)))
    assert results(application)[0] == ("old", "Pruned")


def _created(application: Application, files: dict[str, str]) -> str:
    commit = application.branch.commit(files)
    application.create(AUTOMATED, path="plain")
    return commit


def test_what_is_to_be_left_stays_and_is_no_difference(application, kubectl):
    left = {_OPTIONS: "Prune=false", _COMPARE: "IgnoreExtraneous"}
    old = annotated(config_map("old", key="value"), **left)
    application.until_delivered(_created(application, plain(config_map("first", key="value"), old)))
    commit = application.commit_and_refresh(
        plain(config_map("second", key="value")), remove=("plain/old.json",)
    )
    status = application.until_delivered(commit)
    assert read(kubectl, application.target, "configmap/old")
    [entry] = [entry for entry in status["resources"] if entry["name"] == "old"]
    assert entry["requiresPruning"] is True and ("old", "PruneSkipped") in results(application)


def test_a_commit_without_anything_takes_nothing_away(application, kubectl):
    files = plain(config_map("first", key="value"))
    application.until_delivered(_created(application, files))
    application.commit_and_refresh({"plain/notes.txt": "no manifest"}, remove=tuple(files))
    status = application.until(lambda status: condition(status, "SyncError"), "refuses")
    assert "auto-sync will wipe out all resources" in condition(status, "SyncError")
    assert read(kubectl, application.target, "configmap/first")


def test_hooks_run_before_and_after_and_one_that_fails_keeps_the_rest_from_changing(
    application, kubectl, demo
):
    before = hook("before", demo["v1"], "PreSync")
    after = hook("after", demo["v1"], "PostSync")
    application.until_delivered(_created(application, plain(before, after, config_map("first", key="value"))))
    application.until(lambda status: operation(status)["phase"] == "Succeeded", "ends", 60)
    assert [name for name, _ in results(application)] == ["before", "first", "after"]
    failing = plain(
        hook("before", demo["v1"], "PreSync", "raise SystemExit(1)"), config_map("second", key="value")
    )
    commit = application.commit_and_refresh(failing)
    application.until(
        lambda status: (
            operation(status)["phase"] == "Failed" and operation(status)["syncResult"]["revision"] == commit
        ),
        "fails",
        60,
    )
    assert kubectl("-n", application.target, "get", "configmap", "second").exit == 1
