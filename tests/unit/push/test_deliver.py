"""What happens around a plan: its lock, a second plan under it if need be, and a newer version that stays."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from aks_flow.gitflow.source import Source
from aks_flow.gitflow.supersede import Delivered
from aks_flow.gitflow.version import Version
from aks_flow.push import deliver, newer_version
from aks_flow.push.artifacts import Artifacts
from aks_flow.push.lock.fence import HeldLock
from aks_flow.push.request import PushRequest
from aks_flow.rollout import app_version
from aks_flow.rollout.watch.failure import BadVerdict
from tests.unit.push.revisions import entry, kept
from tests.unit.push.test_roll_out import (
    APPLY,
    BEHIND,
    CREATE,
    GOOD,
    HISTORY,
    IMAGE,
    KUBECTL,
    LACK,
    MANIFEST,
    PAST,
    PROVEN,
    VERSION,
    delivery,
    plan,
    told,
)

SOON = "--request-timeout=5s"
LOOK = f"{KUBECTL} get lease aks-flow-delivery --ignore-not-found --output=json {SOON}"
TAKE = f"{KUBECTL} create --filename=- --output=json {SOON}"
REPLACE = f"{KUBECTL} replace --filename=- --output=json {SOON}"
RUNNING = f"{KUBECTL} get deployments.apps,statefulsets.apps front --ignore-not-found --output=json"
LEASE = json.dumps({"metadata": {"name": "aks-flow-delivery", "resourceVersion": "8"}, "spec": {}})
COMMIT = "c" * 40
SOURCE = Source(Path("repo"), "t" * 40, COMMIT, "develop", Version(1, 5, 0, "alpha.2"), False)
NO_LEASE = GOOD | {LOOK: "", TAKE: LEASE, REPLACE: LEASE, RUNNING: ""}
FREE_LEASE = GOOD | {LOOK: LEASE, REPLACE: LEASE, RUNNING: ""}
NOW, BY_NAME = PushRequest("dev"), PushRequest("dev", IMAGE.tag, by_name=True)


def deployment(commit: str, version: str) -> dict:
    marks = newer_version.marks(Delivered(commit, version))
    metadata = {"name": "front", "annotations": marks}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}


@pytest.fixture
def plans(monkeypatch):
    """The plans that will be made, one after the other."""
    made = []
    monkeypatch.setattr(deliver, "build_artifacts", lambda *_: Artifacts(SOURCE, IMAGE, {}))
    monkeypatch.setattr(deliver, "make_plan", lambda *_: made.pop(0))
    return made


def test_nothing_to_do_takes_no_lock(config, plans):
    plans += [plan(diff="", history=PAST)]
    context = delivery(config, GOOD | PROVEN)
    assert not deliver.push(context, NOW).changed
    assert TAKE not in context.run.lines


def test_what_another_delivers_while_nothing_is_to_do_here_is_neither_judged_nor_taken_back(
    config, plans, monkeypatch
):
    """Its revision is there since the plan was made, and its version answers."""
    monkeypatch.setattr(app_version, "WITHIN", 0)
    plans += [plan(diff="", history=PAST)]
    theirs = [*PAST.revisions, entry(2, f"{MANIFEST}---\n", "pending")]
    history = json.dumps({"kind": "List", "items": list(map(kept, theirs))})
    context = delivery(config, FREE_LEASE | BEHIND | {HISTORY: history, VERSION: told("1.6.0")})
    with pytest.raises(BadVerdict, match="Another delivery came meanwhile") as bad:
        deliver.push(context, NOW)
    assert bad.value.undone.status == "left"
    assert not {CREATE, APPLY} & set(context.run.lines)


def test_whether_there_is_nothing_to_do_is_seen_once_nobody_else_is_at_it(config, plans):
    plans += [plan(diff="", busy=True), plan(diff="")]
    context = delivery(config, NO_LEASE)
    assert not deliver.push(context, NOW).changed
    assert TAKE in context.run.lines and not plans


def test_a_delivery_takes_the_lock_before_its_first_change(config, plans):
    plans += [plan()]
    context = delivery(config, NO_LEASE)
    assert deliver.push(context, NOW).changed
    lines = context.run.lines
    assert lines.index(TAKE) < lines.index(CREATE) < lines.index(APPLY)


def test_a_plan_that_nobody_can_have_overtaken_is_not_made_again(config, plans):
    plans += [plan(lock="8"), plan(diff="")]
    assert deliver.push(delivery(config, FREE_LEASE), NOW).changed
    assert len(plans) == 1


@pytest.mark.parametrize(
    "overtaken",
    [
        plan(lock="7"),
        plan(lock=""),
        plan(lock="8", busy=True),
        plan(new_namespace=True, secrets=(LACK,), lock=""),
    ],
    ids=["a delivery since", "the first since", "a delivery meanwhile", "a namespace since"],
)
def test_what_another_may_have_delivered_meanwhile_is_not_delivered_again(config, plans, overtaken):
    plans += [overtaken, plan(diff="")]
    context = delivery(config, FREE_LEASE)
    assert not deliver.push(context, NOW).changed
    assert APPLY not in context.run.lines and not plans


def test_in_a_namespace_in_which_another_had_the_lock_first_a_plan_for_a_new_one_does_not_count(
    config, plans, monkeypatch
):
    plans += [plan(new_namespace=True), plan(diff="")]
    context = delivery(config, GOOD | {RUNNING: ""})
    monkeypatch.setattr(deliver, "hold_lock", lambda *_: nullcontext(HeldLock(context, True, "8")))
    assert not deliver.push(context, NOW).changed and not plans


@pytest.mark.parametrize("is_new", [True, False], ids=["none when it was planned", "gone since"])
def test_in_a_namespace_that_the_lock_made_only_a_plan_for_a_new_one_counts(
    config, plans, monkeypatch, is_new
):
    """Any other is of what went with the namespace; not even its newer version runs any more."""
    newer = deployment(COMMIT, "1.5.0-alpha.3")
    plans += [plan(new_namespace=True) if is_new else plan(live=(newer,)), plan(diff="")]
    context = delivery(config, GOOD | {RUNNING: ""})
    monkeypatch.setattr(deliver, "hold_lock", lambda *_: nullcontext(HeldLock(context, True, "")))
    outcome = deliver.push(context, NOW)
    assert (outcome.superseded_by, outcome.changed, len(plans)) == ("", is_new, 1 if is_new else 0)


@pytest.mark.parametrize("lock", ["", "7"], ids=["seen by the plan", "delivered since"])
def test_an_automatic_delivery_leaves_a_newer_version_alone(config, plans, lock):
    running = deployment("dddd", "1.5.0-alpha.3")
    plans += [plan(lock=lock, live=(running,) if not lock else ())]
    git = f"git -C {config.root}"
    newer = {
        f"{git} rev-parse --verify --quiet --end-of-options 'dddd^{{commit}}'": "dddd",
        f"{git} rev-parse --verify --quiet --end-of-options '{COMMIT}^{{commit}}'": COMMIT,
        f"{git} merge-base --is-ancestor {COMMIT} dddd": "",
    }
    context = delivery(config, NO_LEASE | newer | {RUNNING: json.dumps(running)})
    outcome = deliver.push(context, NOW)
    assert outcome.superseded_by == "1.5.0-alpha.3" and not outcome.changed
    assert APPLY not in context.run.lines


def test_a_version_that_a_person_asks_for_replaces_a_newer_one(config, plans):
    plans += [plan(live=(deployment("dddd", "1.5.0-alpha.3"),))]
    context = delivery(config, NO_LEASE)
    assert deliver.push(context, BY_NAME).changed
