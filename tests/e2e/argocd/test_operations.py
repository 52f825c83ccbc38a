"""Syncs that are asked for, waves, directories, deletion."""

import json
from dataclasses import replace

from tests.e2e.argocd import manifests
from tests.e2e.argocd.application import AUTOMATED, condition, operation
from tests.e2e.cluster.objects import config_map, read

MANUAL: dict = {}
_CASCADE = "resources-finalizer.argocd.argoproj.io"


def test_without_automation_nothing_happens_until_a_sync_is_asked_for(application, kubectl, demo):
    commit = application.branch.commit(manifests.files(demo["v1"]))
    application.create(MANUAL)
    status = application.until(lambda status: status.get("sync", {}).get("status") == "OutOfSync", "compares")
    assert status["health"]["status"] == "Missing" and "operationState" not in status
    assert kubectl("-n", application.target, "get", "deployment", "web").exit == 1
    application.patch(operation={"initiatedBy": {"username": "e2e"}, "sync": {"revision": commit}})
    status = application.until_delivered(commit)
    assert status["operationState"]["operation"]["initiatedBy"] == {"username": "e2e"}
    assert status["operationState"]["message"] == "successfully synced (all tasks run)"
    assert "operation" not in application.read()


def test_a_manual_sync_without_prune_takes_nothing_away(application, kubectl, demo):
    files = manifests.files(demo["v1"]) | manifests.with_extra()
    first = application.branch.commit(files)
    application.create(MANUAL)
    application.patch(operation={"sync": {"revision": first}})
    application.until_delivered(first)
    plain = {"dev/base/kustomization.yaml": manifests.base("deployment.yaml", "service.yaml")}
    second = application.commit_and_refresh(plain, remove=(manifests.EXTRA,))
    application.until(lambda status: status["sync"]["revision"] == second, "sees the commit")
    application.patch(operation={"sync": {"revision": second}})
    status = application.until(
        lambda status: (
            operation(status)["syncResult"].get("revision") == second
            and operation(status)["phase"] == "Succeeded"
        ),
        "syncs",
    )
    assert status["sync"]["status"] == "OutOfSync"
    extra = next(entry for entry in status["resources"] if entry["name"] == "extra")
    assert extra["requiresPruning"] is True
    application.patch(operation={"sync": {"revision": second, "prune": True}})
    application.until_delivered(second)
    assert kubectl("-n", application.target, "get", "configmap", "extra").exit == 1


def test_a_plain_directory_is_applied_wave_by_wave(application, kubectl):
    second = config_map("second", key="value")
    second["metadata"]["annotations"] = {"argocd.argoproj.io/sync-wave": "1"}
    files = {"plain/a.yaml": json.dumps(second), "plain/b.json": json.dumps(config_map("first", key="value"))}
    commit = application.branch.commit(files | {"plain/notes.txt": "not a manifest"})
    application.create(AUTOMATED, path="plain")
    status = application.until_delivered(commit)
    assert status["sourceType"] == "Directory"
    versions = {
        name: int(read(kubectl, application.target, f"configmap/{name}")["metadata"]["resourceVersion"])
        for name in ("first", "second")
    }
    assert versions["first"] < versions["second"]


def test_a_namespace_that_is_not_there_yet_is_made(application, kubectl, demo):
    made = replace(application, target=f"{application.target}-new")
    commit = made.branch.commit(manifests.files(demo["v1"]))
    made.create(AUTOMATED | {"syncOptions": ["CreateNamespace=true"]})
    try:
        made.until_delivered(commit)
        assert made.served() == "v1"
    finally:
        kubectl.ok("delete", "namespace", made.target, "--wait=false", "--ignore-not-found")


def test_a_tag_is_a_revision_too_and_stays_where_it_is(application, demo):
    first = application.branch.commit(manifests.files(demo["v1"]))
    tag = application.branch.tag()
    application.create(AUTOMATED)
    application.patch(spec={"source": {"targetRevision": tag}})
    application.until_delivered(first)
    application.commit_and_refresh({manifests.PIN: manifests.pin(demo["v2"])})
    application.until(lambda _: not application.annotated(), "takes the annotation off")
    assert application.status["sync"]["revision"] == first


def test_deleting_an_application_leaves_its_objects_unless_it_has_the_finalizer(delivered, kubectl):
    delivered.delete_application()
    assert read(kubectl, delivered.target, "deployment/web")
    delivered.create(AUTOMATED)
    delivered.until(lambda status: status.get("sync", {}).get("status") == "Synced", "is synced again")
    delivered.patch(metadata={"finalizers": [_CASCADE]})
    delivered.delete_application()
    assert kubectl("-n", delivered.target, "get", "deployment", "web").exit == 1
    assert kubectl("-n", delivered.target, "get", "service", "web").exit == 1


def test_an_object_of_another_application_is_left_to_it(delivered):
    other = replace(delivered, name=f"{delivered.name}-other")
    policy = AUTOMATED | {"syncOptions": ["FailOnSharedResource=true"]}
    try:
        other.create(policy)
        status = other.until(lambda status: condition(status, "SharedResourceWarning"), "warns")
        assert delivered.name in condition(status, "SharedResourceWarning")
        other.until(
            lambda status: status.get("operationState", {}).get("phase") == "Failed", "refuses to sync"
        )
    finally:
        other.delete()
    delivered.until_delivered(delivered.status["sync"]["revision"])


def test_kubectl_shows_both_states_in_its_table(delivered, kubectl):
    table = kubectl.ok("-n", delivered.namespace, "get", "applications", delivered.name)
    assert [line.split() for line in table.splitlines()] == [
        ["NAME", "SYNC", "STATUS", "HEALTH", "STATUS"],
        [delivered.name, "Synced", "Healthy"],
    ]
