"""A commit reaches the cluster."""

from tests.e2e.argocd import manifests


def test_an_application_becomes_synced_and_healthy(delivered):
    status = delivered.status
    assert delivered.served() == "v1"
    assert status["sourceType"] == "Kustomize"
    assert status["operationState"]["phase"] == "Succeeded"
    assert status["operationState"]["syncResult"]["revision"] == status["sync"]["revision"]
    assert [entry["id"] for entry in status["history"]] == [0]
    kinds = {(entry.get("group", ""), entry["kind"], entry["status"]) for entry in status["resources"]}
    assert kinds == {("apps", "Deployment", "Synced"), ("", "Service", "Synced")}


def test_a_commit_serves_soon_after_a_refresh_is_asked_for(delivered, demo):
    """Long before Argo CD would have asked the repository by itself."""
    commit = delivered.branch.commit({manifests.PIN: manifests.pin(demo["v2"])})
    delivered.refresh()
    delivered.until(lambda _: delivered.served() == "v2", "serves v2")
    status = delivered.until_delivered(commit)
    assert [entry["revision"] for entry in status["history"]][-1] == commit
    assert demo["v2"] in status["summary"]["images"]
