"""A bad commit takes nothing down, and the status says what is wrong."""

import json

from tests.e2e.argocd import manifests
from tests.e2e.argocd.application import AUTOMATED, condition, operation
from tests.e2e.cluster.objects import pod_spec, read, secret, web, workload


def test_manifests_that_cannot_be_rendered_change_nothing(delivered, kubectl, demo):
    before = read(kubectl, delivered.target, "deployment/web")["metadata"]["generation"]
    delivered.commit_and_refresh({manifests.PIN: "resources: [../../nowhere]\n"})
    status = delivered.until(lambda status: condition(status, "ComparisonError"), "shows the error")
    assert "nowhere" in condition(status, "ComparisonError")
    assert status["sync"]["status"] == "Unknown" and status["health"]["status"] == "Healthy"
    assert read(kubectl, delivered.target, "deployment/web")["metadata"]["generation"] == before
    assert delivered.served() == "v1"
    delivered.until_delivered(delivered.commit_and_refresh({manifests.PIN: manifests.pin(demo["v2"])}))
    assert not condition(delivered.status, "ComparisonError")


def test_a_path_that_is_not_in_the_commit_is_named(application, demo):
    application.branch.commit(manifests.files(demo["v1"]))
    application.create(AUTOMATED, path="prod/overlays/prod")
    status = application.until(lambda status: condition(status, "ComparisonError"), "shows the error")
    assert "prod/overlays/prod: app path does not exist" in condition(status, "ComparisonError")


def test_a_repository_that_does_not_answer_is_named(delivered):
    delivered.patch(spec={"source": {"repoURL": "https://localhost:1/none.git"}})
    status = delivered.until(lambda status: status.get("conditions"), "shows the error", 60)
    assert status["conditions"][0]["type"] == "InvalidSpecError"  # the project permits one repository only
    assert "https://localhost:1/none.git is not permitted" in status["conditions"][0]["message"]
    assert delivered.served() == "v1"


def test_an_object_that_the_server_refuses_is_named_and_what_runs_goes_on(delivered, demo):
    wrong = workload("Deployment", "web", pod_spec(web("web")))
    wrong["spec"]["template"]["metadata"]["labels"] = {"app": "other"}
    changed = {manifests.PIN: manifests.pin(demo["v2"]), manifests.DEPLOYMENT: json.dumps(wrong)}
    commit = delivered.commit_and_refresh(changed | manifests.with_extra())
    status = delivered.until(lambda status: _phase(status) == "Failed", "fails")
    assert status["operationState"]["syncResult"]["revision"] == commit
    status = delivered.until(lambda status: condition(status, "SyncError"), "shows the error")
    assert commit in condition(status, "SyncError")
    assert status["sync"]["status"] == "OutOfSync"
    assert delivered.served() == "v1"


def test_a_correction_arrives_while_the_refused_commit_is_still_tried_again(application, demo):
    first = application.branch.commit(manifests.files(demo["v1"]))
    retry = {"limit": 2, "backoff": {"duration": "1s", "factor": 1}}
    application.create(AUTOMATED | {"retry": retry})
    application.until_delivered(first)
    empty = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}
    application.commit_and_refresh({manifests.DEPLOYMENT: json.dumps(empty)})
    application.until(lambda status: operation(status).get("retryCount"), "tries again")
    good = manifests.files(demo["v1"])[manifests.DEPLOYMENT]
    fixed = {manifests.DEPLOYMENT: good, manifests.PIN: manifests.pin(demo["v2"])}
    application.until_delivered(application.commit_and_refresh(fixed))
    assert application.served() == "v2"


def test_a_kind_that_the_project_does_not_permit_is_refused(application, kubectl, demo):
    files = manifests.files(demo["v1"]) | manifests.with_extra()
    files[manifests.EXTRA] = json.dumps(secret("extra", key="value"))
    application.branch.commit(files)
    kinds = ({"group": "apps", "kind": "Deployment"}, {"group": "", "kind": "Service"})
    application.create(AUTOMATED, kinds=kinds)
    status = application.until(lambda status: _phase(status) == "Failed", "fails")
    results = {
        entry["kind"]: entry["message"] for entry in status["operationState"]["syncResult"]["resources"]
    }
    assert "is not permitted in project" in results["Secret"]
    assert kubectl("-n", application.target, "get", "deployment", "web").exit == 1


def _phase(status: dict) -> str:
    return operation(status)["phase"]


def test_a_sync_that_is_asked_for_in_a_project_that_is_not_there_fails(delivered):
    delivered.patch(spec={"project": "none"}, operation={"sync": {"prune": True}})
    status = delivered.until(lambda status: _phase(status) in ("Error", "Failed"), "fails")
    assert status["operationState"]["message"]
    assert delivered.served() == "v1"


def test_an_image_that_crashes_is_degraded_or_progressing_and_never_healthy(delivered, demo):
    commit = delivered.commit_and_refresh({manifests.PIN: manifests.pin(demo["bad"])})
    synced = ("Synced", commit)
    status = delivered.until(
        lambda status: (status["sync"]["status"], status["sync"].get("revision")) == synced, "syncs"
    )
    assert status["health"]["status"] == "Progressing"
    assert delivered.served() == "v1"
