"""The README's first command, from a fresh clone whose path has a space, and the way back."""

import json
import subprocess
import urllib.request

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.faults import FaultyContainer
from aks_flow.rollout.verdict.reasons import EXIT_CODES
from tests.e2e.project import Project

FRONT = FaultyContainer("Deployment", "front", "front")


@pytest.fixture(scope="module")
def summary(rehearsal: Project) -> dict:
    return rehearsal.document("rehearse", "--show")


def test_both_paths_deliver_a_change_without_a_failed_request(summary):
    push, pull = summary["deliveries"]
    assert (push["path"], pull["path"]) == ("push", "pull")
    assert push["reasons"] == pull["reasons"] == {}
    assert push["sent"] > 50 and pull["sent"] > 50
    assert set(pull["times"]) == {"commit", "build", "publish", "write", "detect", "apply", "ready", "serve"}


def test_the_url_answers_with_the_changed_page(summary):
    for delivery in summary["deliveries"]:
        with urllib.request.urlopen(delivery["url"], timeout=10) as page:
            assert b"rehearsed at" in page.read()


def test_what_staging_starts_from_is_the_digest_that_dev_ran(summary):
    push, pull = summary["deliveries"]
    assert "-alpha." in push["image"] and "-rc." in pull["image"]
    names = [step["name"] for step in summary["steps"]]
    branched = names.index("branch")
    changes = names.index("commit"), names.index("commit", branched)
    assert "build" in names[changes[0] : branched] and "build" in names[changes[1] :]
    assert "build" not in names[branched : changes[1]], "the release branch builds nothing"


def test_a_run_that_is_shown_leaves_a_report_of_what_the_terminal_was_told(rehearsal, summary):
    report = json.loads((rehearsal.repo / ".rehearsal/report.json").read_text())
    assert report["outcome"] == "done"
    assert sorted(names(report["steps"])) == sorted(names(summary["steps"]))
    for delivery in summary["deliveries"]:
        requests = report["requests"][delivery["environment"]]
        assert requests["failed"] == 0 and len(requests["versions"]) == 2
    assert {pod["environment"] for pod in report["pods"]} >= {"dev", "staging"}
    assert all(list(pod["states"])[-1] in ("ready", "ending", "gone") for pod in report["pods"])
    assert (rehearsal.repo / ".rehearsal/report.html").read_text().endswith("</html>\n")


def names(steps: list[dict]) -> list[str]:
    return [step["name"] for step in steps]


def test_the_environments_are_seen_at_a_glance(rehearsal, summary):
    push, pull = summary["deliveries"]
    dev, staging, production = rehearsal.document("environments")
    assert (dev["path"], staging["path"], production["path"]) == ("push", "pull", "")
    for seen, delivery in ((dev, push), (staging, pull)):
        (running,) = seen["running"]
        assert delivery["image"].endswith(f":{running['version']}@{running['digest']}")
        assert seen["intended"]["version"] == running["version"] and seen["unread"] == []
        assert (seen["health"], seen["drift"], seen["hold"], seen["lock"]) == ("Healthy", "", "", "")
        assert {past["verdict"] for past in seen["deliveries"]} == {"good"}
        assert all(0 < past["seconds"] < 120 for past in seen["deliveries"])
    assert production["waits"]["source"] == "staging"


def test_the_person_s_work_tree_and_branch_are_as_they_were(rehearsal, summary):
    assert rehearsal.git("status", "--porcelain") == ""
    assert rehearsal.git("branch", "--show-current") == "develop"
    assert rehearsal.git("branch", "--list", "gitops", "release/*") == ""


def test_status_and_logs_show_the_stand_ins(rehearsal, summary):
    parts = rehearsal.document("rehearsal.status")
    assert {part["name"] for part in parts if part["pid"]} >= {"cluster", "registry", "argocd"}
    assert "serving on https://127.0.0.1" in rehearsal.inv("rehearsal.logs").stdout
    unknown = rehearsal.inv("rehearsal.logs", "--name", "nothing")
    assert unknown.exit == 1 and "there is no stand-in 'nothing'" in unknown.stderr


def test_the_doctor_finds_the_stand_ins_well(rehearsal, summary):
    answer = rehearsal.inv("doctor")
    assert answer.exit == 0, answer.stderr
    assert answer.stdout.count("a stand-in's") == 2 and answer.stdout.count("allowed") == 3


def test_a_fault_has_the_same_reason_and_exit_code_by_both_paths(rehearsal, summary):
    state = rehearsal.repo / ".rehearsal"
    clone = Project(state / "clone", rehearsal.settings | _places(state))
    assert clone.git("branch", "--show-current").startswith("release/")
    for environment in ("staging", "dev"):
        overlay = f"manifests/overlays/{environment}/kustomization.yaml"
        clone.commit(overlay, faults.in_container(FRONT, faults.MISSING_SECRET)(clone.read(overlay)))
    pushed = clone.inv("push", "--env", "dev", "--json")
    assert clone.inv("gitops.deliver", "staging").exit == 0
    pulled = clone.inv("gitops.wait", "staging", "--json")
    assert pushed.exit == pulled.exit == EXIT_CODES["config-missing"], (pushed, pulled)
    first, second = (json.loads(answer.stdout)["findings"][0] for answer in (pushed, pulled))
    assert first["workload"] == second["workload"] == "deployment/front"
    assert "no-such-secret" in first["text"] and "no-such-secret" in second["text"]


def _places(state) -> dict[str, str]:
    """The stand-ins' places, for a clone that is not theirs."""
    return {
        "INVOKE_TARGETS_REHEARSAL_KUBECONFIG": str(state / "kubeconfig"),
        "INVOKE_TARGETS_REHEARSAL_REPOSITORY": str(state / "origin.git"),
    }


def test_the_kubeconfig_is_its_owner_s_alone(rehearsal, summary):
    assert (rehearsal.repo / ".rehearsal/kubeconfig").stat().st_mode & 0o777 == 0o600


def test_down_leaves_nothing_behind(rehearsal, summary, cluster):
    others = cluster.standin.containers()
    assert rehearsal.inv("rehearsal.down").exit == 0
    assert not (rehearsal.repo / ".rehearsal").exists()
    label = "--filter=label=aks-flow.rehearsal"
    running = subprocess.run(
        ["docker", "ps", "--all", "--no-trunc", "--format={{json .}}", label], capture_output=True, text=True
    )
    names = [json.loads(line)["Mounts"] for line in running.stdout.splitlines()]
    assert not any(str(rehearsal.repo) in mounts for mounts in names)
    assert cluster.standin.containers() == others


def test_without_its_stand_ins_the_rehearsal_is_to_be_brought_up(rehearsal, summary):
    assert rehearsal.inv("rehearsal.down").exit == 0
    looked, asked = rehearsal.inv("doctor"), rehearsal.inv("push.history")
    assert looked.exit == 1 and "cluster rehearsal. Run ./inv rehearsal.up." in looked.stderr
    assert asked.exit == 1 and "Start it with ./inv rehearsal.up" in asked.stderr
