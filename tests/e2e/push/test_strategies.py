"""Canaries, and blue and green: delivered, rejected, killed in between, and no request fails meanwhile."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.push.clones import change, title, until_line
from tests.e2e.push.conftest import CLONES
from tests.e2e.push.load import start_load
from tests.e2e.scale import only_in_full

QUICK = {"INVOKE_CANARY_SECONDS": "1"}
TWINS = ("-l", "aks-flow/track", "-o", "name")


@pytest.fixture(scope="module")
def load(clones, kubectl, demo):
    """environment -> a steady load on what it serves, from a namespace of its own."""
    names = {environment: f"e2e-{uuid.uuid4().hex[:8]}" for environment in ("dev", "staging")}
    for name in names.values():
        kubectl.ok("create", "namespace", name)
    yield {at: start_load(kubectl, name, demo["v1"], f"front.{CLONES}-{at}") for at, name in names.items()}
    for name in names.values():
        kubectl.ok("delete", "namespace", name, "--wait=false")


def deployments(kubectl, environment: str) -> list[str]:
    words = ("get", "deployments,services", *TWINS)
    return sorted(kubectl.ok("-n", f"{CLONES}-{environment}", *words).split())


def selector(kubectl, environment: str) -> dict:
    words = ("get", "service", "front", "-o", "json")
    return json.loads(kubectl.ok("-n", f"{CLONES}-{environment}", *words))["spec"]["selector"]


def kill(project, environment: str, strategy: str, after: str) -> None:
    process = project.start("push", "--env", environment, "--strategy", strategy, **QUICK)
    until_line(process, f"ok +{after}")
    process.kill()
    process.communicate()


def canary_goes_on(project, kubectl) -> None:
    """Killed after its first step, it goes on there, and ends with the new version alone."""
    change(project, "canary")
    kill(project, "dev", "canary", "canary")
    there = deployments(kubectl, "dev")
    assert {"deployment.apps/front-canary", "deployment.apps/front-baseline"} <= set(there), there
    answer = project.inv("push", "--strategy", "canary", **QUICK)
    assert answer.exit == 0 and "step 2 of 2" in answer.stdout, answer
    assert title(kubectl, "dev") == "canary" and deployments(kubectl, "dev") == []


def green_goes_on(project, kubectl) -> None:
    """Killed before the switch, the next run switches; blue is there until it is promoted."""
    change(project, "green")
    kill(project, "staging", "blue-green", "green")
    push = ("push", "--env", "staging", "--strategy", "blue-green")
    answer = project.inv(*push)
    assert answer.exit == 0 and "from its green" in answer.stdout, answer
    assert selector(kubectl, "staging")["aks-flow/track"] == "green"
    assert title(kubectl, "staging") != "green"
    assert project.inv("push.promote", "--env", "staging").exit == 0
    assert title(kubectl, "staging") == "green" and deployments(kubectl, "staging") == []
    assert "aks-flow/track" not in selector(kubectl, "staging")


@only_in_full
def test_killed_in_between_both_strategies_come_to_their_end_and_no_request_fails(clones, kubectl, load):
    with load["dev"].during() as dev, load["staging"].during() as staging, ThreadPoolExecutor() as pool:
        runs = [
            pool.submit(canary_goes_on, clones["dev"], kubectl),
            pool.submit(green_goes_on, clones["staging"], kubectl),
        ]
        for run in runs:
            run.result()
    for tally in (dev, staging):
        assert (tally.failed, tally.sent > 50) == (0, True), tally.failures


def test_a_rejected_green_leaves_the_old_version_and_no_request_fails(clones, kubectl, load):
    project = clones["staging"]
    before = title(kubectl, "staging")
    change(project, "rejected")
    with load["staging"].during() as tally:
        answer = project.inv("push", "--env", "staging", "--strategy", "blue-green")
        assert answer.exit == 0 and "push.reject" in answer.stdout, answer
        refused = project.inv("push", "--env", "staging", "--strategy", "canary")
        assert refused.exit == 1 and "waits; nothing was changed" in refused.stderr, refused
        answer = project.inv("push.reject", "--env", "staging")
        assert answer.exit == 0 and "is rejected; staging is back at" in answer.stdout, answer
    assert title(kubectl, "staging") == before and deployments(kubectl, "staging") == []
    assert (tally.failed, tally.sent > 50) == (0, True), tally.failures


def test_a_canary_that_is_never_ready_goes_and_no_request_fails(clones, kubectl, load):
    project, file = clones["dev"], "manifests/base/front/deployment.yaml"
    good, before = project.read(file), title(kubectl, "dev")
    project.commit(file, good.replace("path: /readyz", "path: /nosuch"))
    with load["dev"].during() as tally:
        answer = project.inv("push", "--strategy", "canary", **QUICK, INVOKE_DEADLINE="8")
    project.commit(file, good)
    assert answer.exit == 15 and "deployment/front-canary: never-ready" in answer.stderr, answer
    assert title(kubectl, "dev") == before and deployments(kubectl, "dev") == []
    assert (tally.failed, tally.sent > 50) == (0, True), tally.failures


def test_with_nothing_that_waits_there_is_nothing_to_decide(clones):
    for task in ("push.promote", "push.reject"):
        answer = clones["dev"].inv(task)
        assert answer.exit == 1 and "no version waits in dev, and nothing was changed" in answer.stderr, (
            answer
        )


def test_an_unknown_strategy_is_one_sentence_before_anything_runs(clones):
    answer = clones["dev"].inv("push", "--strategy", "canri")
    assert (answer.exit, answer.stdout) == (1, "")
    assert answer.stderr == "error: there is no strategy 'canri'. Did you mean 'canary'?\n"
