"""The push path on a cluster: deliver, deliver again, change, and the bad days."""

import json
import signal

import pytest

from tests.e2e.push.clones import until_line
from tests.e2e.push.conftest import NAMESPACE


def front(kubectl) -> dict:
    return json.loads(kubectl.ok("-n", NAMESPACE, "get", "deployment", "front", "-o", "json"))


def served(kubectl) -> dict:
    path = f"/api/v1/namespaces/{NAMESPACE}/services/http:front:http/proxy/version"
    return json.loads(kubectl.ok("get", "--raw", path))


def test_a_first_push_takes_the_commit_to_a_cluster_that_serves_it(project, kubectl):
    delivered = _with_an_app_of_its_own(project, "first")
    assert delivered["served"]["version"] in delivered["image"]
    assert served(kubectl)["commit"] == project.git("rev-parse", "HEAD")
    image = front(kubectl)["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image == delivered["image"] and "@sha256:" in image


def _with_an_app_of_its_own(project, name: str) -> dict:
    """The outcome of a push of what no other project of this registry has built already."""
    project.commit(f"app/vote/templates/{name}.html", f"of {project.repo} alone\n")
    return project.document("push")["outcome"]


def test_a_second_push_says_unchanged_and_changes_nothing(project, delivered, kubectl):
    before = front(kubectl)["metadata"]["generation"]
    answer = project.inv("push")
    assert answer.exit == 0 and "dev is unchanged" in answer.stdout
    assert front(kubectl)["metadata"]["generation"] == before


def test_the_password_is_made_once_and_is_in_no_output(project, delivered, kubectl):
    secret = json.loads(kubectl.ok("-n", NAMESPACE, "get", "secret", "redis-auth", "-o", "json"))
    answer = project.inv("push", "--dirty")
    again = json.loads(kubectl.ok("-n", NAMESPACE, "get", "secret", "redis-auth", "-o", "json"))
    assert secret["data"] == again["data"]
    assert secret["data"]["password"] not in answer.stdout + answer.stderr


def test_a_change_of_the_app_is_built_published_and_served(project, delivered, kubectl):
    outcome = _with_an_app_of_its_own(project, "edition")
    assert outcome["built"] and outcome["changed"]
    assert served(kubectl)["version"] == outcome["served"]["version"] != delivered["served"]["version"]


def test_a_change_outside_the_app_builds_nothing_and_keeps_the_digest(project, delivered):
    project.commit("NOTES", "not part of the image\n")
    outcome = project.document("push")["outcome"]
    assert not outcome["built"]
    assert outcome["image"].partition("@")[2] == delivered["image"].partition("@")[2]


def test_a_plan_shows_the_diff_and_changes_nothing(project, delivered, kubectl):
    overlay = "manifests/overlays/dev/kustomization.yaml"
    project.commit("manifests/base/extra-note.txt", "not rendered\n")
    before = front(kubectl)["metadata"]["generation"]
    answer = project.inv("push.plan")
    assert answer.exit == 0 and "would deliver" in answer.stdout, answer
    assert "front" in answer.stdout and overlay not in answer.stdout
    assert front(kubectl)["metadata"]["generation"] == before
    dry = project.inv("--dry", "push")
    assert "would deliver" in dry.stdout and front(kubectl)["metadata"]["generation"] == before


def test_an_older_version_of_the_registry_can_be_deployed_without_a_build(project, delivered, kubectl):
    project.commit("app/vote/templates/edition.html", "a newer edition\n")
    project.document("push")
    old = delivered["served"]["version"]
    outcome = project.document("push.deploy", old)["outcome"]
    assert outcome["served"]["version"] == old == served(kubectl)["version"]


def test_a_dirty_work_tree_is_refused_or_marked(project, delivered, kubectl):
    (project.repo / "app/vote/templates/edition.html").write_text("not committed\n")
    try:
        refused = project.inv("push")
        assert refused.exit == 1 and refused.stderr.count("\n") == 1
        assert "changes that are not committed" in refused.stderr and "--dirty" in refused.stderr
        marked = project.document("push", "--dirty")["outcome"]
        assert ".dirty." in marked["served"]["version"] == served(kubectl)["version"]
    finally:
        project.git("checkout", "--", "app/vote/templates/edition.html")


def test_manifests_that_the_server_refuses_change_nothing(project, delivered, kubectl):
    file = "manifests/base/front/deployment.yaml"
    good = project.read(file)
    project.commit("app/vote/templates/edition.html", "an edition that must not arrive\n")
    project.commit(file, good.replace("spec:\n", "spec:\n  progressDeadlineSecnds: 5\n", 1))
    before = front(kubectl)["metadata"]["generation"]
    answer = project.inv("push")
    project.commit(file, good)
    assert answer.exit == 1 and "refuses the manifests of dev, and nothing was changed" in answer.stderr
    assert "progressDeadlineSecnds" in answer.stderr and "Traceback" not in answer.stderr
    assert front(kubectl)["metadata"]["generation"] == before


@pytest.mark.parametrize("branch", ["feature/$(touch owned)", "feature/a;touch owned", "feature/'q' \"d\""])
def test_hostile_branch_names_reach_no_shell(project, delivered, branch):
    name = branch.replace(" ", "\u00a0")  # git refuses a plain space in a branch name
    project.git("checkout", "--quiet", "-b", name)
    try:
        answer = project.inv("push.plan")
    finally:
        project.git("checkout", "--quiet", "develop")
    assert answer.exit == 0, answer
    assert not (project.repo / "owned").exists()


def test_a_hostile_environment_name_is_just_an_unknown_one(project):
    answer = project.inv("push", "--env", "dev; touch owned")
    assert answer.exit == 1 and "there is no environment 'dev; touch owned'" in answer.stderr
    assert not (project.repo / "owned").exists()


def test_a_registry_that_does_not_answer_is_named(project):
    answer = project.inv("push", INVOKE_TARGETS_CLUSTER_REGISTRY="localhost:1")
    assert answer.exit == 1 and "localhost:1: the registry does not answer" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_ctrl_c_ends_with_one_sentence_and_the_next_push_delivers(project, delivered, kubectl):
    project.commit("app/vote/templates/edition.html", "an edition that was interrupted\n")
    process = project.start("push")
    until_line(process, "ok     image")
    process.send_signal(signal.SIGINT)
    stderr = process.communicate(timeout=60)[1]
    assert process.returncode == 130 and "Traceback" not in stderr
    assert stderr.startswith("stopped:") and stderr.count("\n") == 1
    outcome = project.document("push")["outcome"]
    assert served(kubectl)["version"] == outcome["served"]["version"]
