"""One delivery at a time to an environment, whatever becomes of the one that has its turn."""

import json
import re
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.push.clones import change, title, until_line
from tests.e2e.push.conftest import CLONES, ENVIRONMENTS, cloned
from tests.e2e.scale import choose

DONE = re.compile(r"ok +(\w+)")


def lease(kubectl, environment: str) -> dict:
    words = ("get", "lease", "aks-flow-delivery", "-o", "json")
    return json.loads(kubectl.ok("-n", f"{CLONES}-{environment}", *words))["spec"]


def test_of_two_deliveries_at_once_the_second_waits_and_then_delivers(clones, kubectl, tmp_path):
    first = clones["dev"]
    change(first, "first")
    second = cloned(first, tmp_path / "second")
    change(second, "second")
    one = first.start("push")
    until_line(one, "ok +lock")
    one.send_signal(signal.SIGSTOP)  # for less time than whoever waits gives it
    other = second.start("push")
    until_line(other, r"\.\.\. +lock .*waits for \S+@\S+")
    one.send_signal(signal.SIGCONT)
    outputs = [process.communicate(timeout=120) for process in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0), outputs
    assert re.search(r"^ok +lock .*waited \d+ s for \S+@\S+", outputs[1][0], re.M), outputs
    assert title(kubectl, "dev") == "second" and "holderIdentity" not in lease(kubectl, "dev")


def test_of_two_pushes_whose_runs_change_places_the_older_is_superseded(clones, kubectl, tmp_path):
    newer = clones["dev"]
    older = cloned(newer, tmp_path / "older")
    change(newer, "newer")
    assert newer.inv("push").exit == 0
    answer = older.inv("push")
    assert answer.exit == 0 and "is superseded by" in answer.stdout, answer
    assert title(kubectl, "dev") == "newer"


def test_two_environments_are_delivered_to_side_by_side(clones):
    for name in ("dev", "staging"):
        change(clones[name], "side by side")
    started = [clones[name].start("push", "--env", name) for name in ("dev", "staging")]
    for process in started:
        stdout, stderr = process.communicate(timeout=120)
        assert process.returncode == 0 and "waits for" not in stdout, stdout + stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_delivery_gives_the_lock_back(clones, kubectl, number):
    change(clones["dev"], f"stopped by {number.name}")
    process = clones["dev"].start("push")
    until_line(process, "ok +apply")
    process.send_signal(number)
    process.communicate(timeout=120)
    assert process.returncode == 130
    assert "holderIdentity" not in lease(kubectl, "dev")
    answer = clones["dev"].inv("push")
    assert answer.exit == 0 and "waits for" not in answer.stdout, answer
    assert title(kubectl, "dev") == f"stopped by {number.name}"


def test_a_person_s_lock_keeps_deliveries_away_until_it_is_taken_off(clones, kubectl):
    dev = clones["dev"]
    assert dev.inv("push.lock", "--reason", "an outage").exit == 0
    change(dev, "must wait")
    refused = dev.inv("push")
    assert refused.exit == 1 and "an outage" in refused.stderr and "push.unlock" in refused.stderr, refused
    assert title(kubectl, "dev") != "must wait"
    assert "an outage" in dev.inv("push.unlock").stdout
    assert dev.inv("push").exit == 0 and title(kubectl, "dev") == "must wait"


def test_killed_after_any_step_the_next_run_comes_to_the_same_end(clones, kubectl):
    """The steps are those of a run that nobody disturbs; each environment takes its share of them, in short
    every third one of that."""
    change(clones["dev"], "undisturbed")
    steps = DONE.findall(clones["dev"].inv("push").stdout)
    assert {"plan", "lock", "validate", "apply", "rollout"} <= set(steps)
    shares = [range(at + 1, len(steps) + 1, len(ENVIRONMENTS)) for at in range(len(ENVIRONMENTS))]
    with ThreadPoolExecutor() as pool:
        taken = [share[:: choose(short=3, full=1)] for share in shares]
        list(
            pool.map(
                lambda pair: kill_and_go_on(clones, kubectl, *pair), zip(ENVIRONMENTS, taken, strict=True)
            )
        )


def kill_and_go_on(clones, kubectl, environment: str, share: range) -> None:
    project = clones[environment]
    for count in share:
        change(project, f"killed after step {count}")
        process = project.start("push", "--env", environment)
        for _ in range(count):
            until_line(process, "ok ")
        process.kill()
        process.communicate()
        answer = project.inv("push", "--env", environment)
        assert answer.exit == 0, (count, answer)
        settled(kubectl, environment, f"killed after step {count}")


def settled(kubectl, environment: str, wanted: str) -> None:
    """One version runs, nobody holds the lock, and nothing is there twice."""
    assert title(kubectl, environment) == wanted
    assert "holderIdentity" not in lease(kubectl, environment)
    found = json.loads(
        kubectl.ok("-n", f"{CLONES}-{environment}", "get", "deployments,replicasets", "-o", "json")
    )
    running = [one["kind"] for one in found["items"] if one["spec"]["replicas"]]
    assert sorted(running) == ["Deployment", "ReplicaSet"], running
