"""The cluster is kept as git has it; what Argo CD does not own is left alone."""

import json

from tests.e2e.argocd import manifests
from tests.e2e.argocd.application import AUTOMATED, operation
from tests.e2e.cluster.objects import apply, config_map, read

_TRACKING = "argocd.argoproj.io/tracking-id"


def image(kubectl, namespace: str) -> str:
    return read(kubectl, namespace, "deployment/web")["spec"]["template"]["spec"]["containers"][0]["image"]


def test_a_hand_edited_deployment_is_put_back_and_reported(delivered, kubectl, demo):
    kubectl.ok("-n", delivered.target, "set", "image", "deployment/web", f"web={demo['v2']}")
    status = delivered.until(lambda status: _healed(status), "puts the Deployment back", 60)
    assert image(kubectl, delivered.target) == demo["v1"]
    delivered.until_delivered(status["sync"]["revision"])
    told = {"ResourceUpdated": "Synced -> OutOfSync", "OperationCompleted": "Partial sync operation to"}
    for reason, words in told.items():
        delivered.until(lambda _, reason=reason, words=words: words in delivered.events(reason), words)


def _healed(status: dict) -> bool:
    """The last operation put one object back, and it is in place."""
    state = operation(status)
    resources = state["operation"]["sync"].get("resources") or []
    back = [entry["kind"] for entry in resources] == ["Deployment"]
    return back and state["phase"] == "Succeeded" and status["sync"]["status"] == "Synced"


def test_a_deleted_object_comes_back(delivered, kubectl):
    kubectl.ok("-n", delivered.target, "delete", "service", "web")
    delivered.until(lambda status: "resources" in operation(status)["operation"]["sync"], "heals")
    delivered.until_delivered(delivered.status["sync"]["revision"])
    assert read(kubectl, delivered.target, "service/web")


def test_drift_is_shown_and_stays_without_self_heal(application, kubectl, demo):
    commit = application.branch.commit(manifests.files(demo["v1"]))
    application.create(AUTOMATED | {"automated": {"prune": True}})
    application.until_delivered(commit)
    kubectl.ok("-n", application.target, "set", "image", "deployment/web", f"web={demo['v2']}")
    status = application.until(lambda status: status["sync"]["status"] == "OutOfSync", "sees the drift")
    assert {e["kind"]: e["status"] for e in status["resources"]}["Deployment"] == "OutOfSync"
    application.refresh()
    application.until(lambda status: status["reconciledAt"] > status["operationState"]["finishedAt"], "looks")
    assert image(kubectl, application.target) == demo["v2"]


def test_replicas_that_git_does_not_name_are_nobodys_drift(delivered, kubectl):
    kubectl.ok("-n", delivered.target, "scale", "deployment/web", "--replicas=2")
    kubectl.ok("-n", delivered.target, "rollout", "status", "deployment/web", "--timeout=60s")
    delivered.refresh("hard")
    status = delivered.until(lambda _: not delivered.annotated(), "takes the annotation off")
    assert status["sync"]["status"] == "Synced"
    assert read(kubectl, delivered.target, "deployment/web")["spec"]["replicas"] == 2


def test_what_git_no_longer_has_is_pruned_and_a_foreign_object_stays(delivered, kubectl):
    target = delivered.target
    delivered.until_delivered(delivered.commit_and_refresh(manifests.with_extra()))
    apply(
        kubectl, target, config_map("foreign", key="value"), _copied(read(kubectl, target, "configmap/extra"))
    )
    plain = {"dev/base/kustomization.yaml": manifests.base("deployment.yaml", "service.yaml")}
    delivered.until_delivered(delivered.commit_and_refresh(plain, remove=(manifests.EXTRA,)))
    kubectl.ok("-n", target, "wait", "--for=delete", "configmap/extra", "--timeout=30s")
    assert read(kubectl, target, "configmap/foreign")["data"] == {"key": "value"}
    assert read(kubectl, target, "configmap/copied")["data"] == {"key": "value"}
    pruned = [
        e for e in delivered.status["operationState"]["syncResult"]["resources"] if e["status"] == "Pruned"
    ]
    assert [entry["name"] for entry in pruned] == ["extra"]


def _copied(item: dict) -> dict:
    """An object with the tracking id of another, as a controller's copy of annotations has it."""
    metadata = {"name": "copied", "annotations": {_TRACKING: item["metadata"]["annotations"][_TRACKING]}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": item["data"]}


def test_an_object_that_may_not_be_pruned_stays(delivered, kubectl):
    kept = config_map("extra", key="value")
    kept["metadata"]["annotations"] = {"argocd.argoproj.io/sync-options": "Prune=false"}
    files = manifests.with_extra() | {manifests.EXTRA: json.dumps(kept)}
    delivered.until_delivered(delivered.commit_and_refresh(files))
    plain = {"dev/base/kustomization.yaml": manifests.base("deployment.yaml", "service.yaml")}
    commit = delivered.commit_and_refresh(plain, remove=(manifests.EXTRA,))
    status = delivered.until(lambda status: _synced_to(status, commit), "syncs")
    results = {
        entry["name"]: entry["status"] for entry in status["operationState"]["syncResult"]["resources"]
    }
    assert results["extra"] == "PruneSkipped"
    assert read(kubectl, delivered.target, "configmap/extra")


def _synced_to(status: dict, commit: str) -> bool:
    state = operation(status)
    return state["phase"] == "Succeeded" and state["syncResult"]["revision"] == commit
