"""What people change by hand: said by plan, drift and evidence, who and when; gone with the next push."""

import json

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rollout.verdict.reasons import EXIT_CODES
from tests.e2e.push.conftest import NAMESPACE
from tests.e2e.push.test_push import served
from tests.e2e.push.test_verdicts import FRONT

ENV = """jsonpath={.spec.template.spec.containers[0].env[?(@.name=="DEBUG")].value}"""
GENERATION = "jsonpath={.metadata.generation}"
SET = "kubectl-set set .spec.template.spec.containers"


@pytest.fixture
def by_hand(delivered, kubectl):
    """A variable that `kubectl set env` has given the pods."""
    kubectl.ok("-n", NAMESPACE, "set", "env", "deployment/front", "DEBUG=1")
    yield
    kubectl("-n", NAMESPACE, "set", "env", "deployment/front", "DEBUG-")


def debug(kubectl) -> str:
    return kubectl.ok("-n", NAMESPACE, "get", "deployment", "front", "-o", ENV)


def test_a_field_that_was_added_is_planned_named_by_drift_and_gone_after_the_push(project, by_hand, kubectl):
    plan = project.document("push.plan")
    [said] = plan["beyond_diff"]
    assert not plan["empty"] and SET in said and ".env" in said and " at 20" in said
    drift = project.inv("push.drift")
    assert drift.exit == 1 and SET in drift.stderr, drift
    assert project.document("push")["outcome"]["changed"] and debug(kubectl) == ""
    assert not project.document("push")["outcome"]["changed"]


def test_a_field_that_was_changed_is_named_with_who_changed_it(project, delivered, kubectl):
    kubectl.ok("-n", NAMESPACE, "set", "image", "deployment/front", "front=nowhere.example/front:1")
    [said] = [text for text in project.document("push.plan")["remarks"] if "kubectl-set" in text]
    assert '.containers[name="front"].image at 20' in said
    assert project.document("push")["outcome"]["changed"]


def test_a_field_that_was_added_during_a_bad_delivery_is_in_its_evidence_and_no_drift_and_goes_with_it(
    project, delivered, changed, cluster, kubectl
):
    before = served(kubectl)["version"]
    changed(faults.in_container(FRONT, faults.NEVER_READY))
    generation = int(kubectl.ok("-n", NAMESPACE, "get", "deployment", "front", "-o", GENERATION))
    process = project.start("push", "--json", INVOKE_DEADLINE="20")
    applied = f"--for={GENERATION}={generation + 1}"
    kubectl.ok("-n", NAMESPACE, "wait", "deployment/front", applied, "--timeout=90s")
    kubectl.ok("-n", NAMESPACE, "set", "env", "deployment/front", "DEBUG=1")
    drift = project.inv("push.drift")  # while somebody delivers
    stdout, stderr = process.communicate(timeout=300)
    bad = json.loads(stdout)
    assert process.returncode == EXIT_CODES["never-ready"], stdout + stderr
    assert bad["undone"]["status"] == "restored", bad
    assert any(SET in note for note in bad["findings"][0]["notes"]), bad
    assert (debug(kubectl), served(kubectl)["version"]) == ("", before)
    assert (drift.exit, "delivers" in drift.stdout) == (0, True), drift
