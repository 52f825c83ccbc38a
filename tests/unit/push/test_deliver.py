"""What happens around a plan: its lock, a second look under it, and a newer version that stays."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aks_flow import push
from aks_flow.gitflow.source import Source
from aks_flow.gitflow.version import Version
from aks_flow.push import Wanted, newer_version
from tests.unit.push.test_deploy import APPLY, GOOD, IMAGE, KUBECTL, PROVEN, VALIDATE, delivery, plan

SOON = "--request-timeout=5s"
LOOK = f"{KUBECTL} get lease aks-flow-delivery --ignore-not-found --output=json {SOON}"
TAKE = f"{KUBECTL} create --filename=- --output=json {SOON}"
RUNNING = f"{KUBECTL} get deployment.apps front --ignore-not-found --output=json"
LEASE = json.dumps({"metadata": {"name": "aks-flow-delivery", "resourceVersion": "1"}, "spec": {}})
COMMIT = "c" * 40
SOURCE = Source(Path("repo"), "t" * 40, COMMIT, "develop", Version(1, 5, 0, "alpha.2"), False)
UNLOCKED = GOOD | {LOOK: "", TAKE: LEASE, RUNNING: ""}


def deployment(commit: str, version: str) -> str:
    marks = newer_version.marks(commit, version)
    return json.dumps({"kind": "Deployment", "metadata": {"name": "front", "annotations": marks}})


@pytest.fixture
def plans(monkeypatch):
    """The plans that will be made, one after the other."""
    given = []
    module = sys.modules["aks_flow.push.deliver"]
    monkeypatch.setattr(module, "make_plan", lambda delivery, wanted: given.pop(0))
    return given


def wanted(automatic=True):
    return Wanted(SOURCE, "dev", IMAGE, {}, automatic)


def test_nothing_to_do_takes_no_lock(config, plans):
    plans += [plan(diff="")]
    context = delivery(config, GOOD | PROVEN)
    assert not push.deliver(context, wanted()).changed
    assert TAKE not in context.run.lines


def test_whether_there_is_nothing_to_do_is_seen_once_nobody_else_is_at_it(config, plans):
    plans += [replace(plan(diff=""), busy=True), plan(diff="")]
    context = delivery(config, UNLOCKED)
    assert not push.deliver(context, wanted()).changed
    assert TAKE in context.run.lines and not plans


def test_a_delivery_takes_the_lock_before_its_first_change(config, plans):
    plans += [plan(), plan()]
    context = delivery(config, UNLOCKED)
    assert push.deliver(context, wanted()).changed
    lines = context.run.lines
    assert lines.index(TAKE) < lines.index(VALIDATE) < lines.index(APPLY)


def test_what_another_delivered_meanwhile_is_not_delivered_again(config, plans):
    plans += [plan(), plan(diff="")]
    context = delivery(config, UNLOCKED)
    assert not push.deliver(context, wanted()).changed
    assert APPLY not in context.run.lines and not plans


def test_an_automatic_delivery_leaves_a_newer_version_alone(config, plans):
    plans += [plan()]
    known = {
        "git -C repo rev-parse --verify --quiet --end-of-options 'dddd^{commit}'": "dddd",
        f"git -C repo merge-base --is-ancestor {COMMIT} dddd": "",
    }
    context = delivery(config, UNLOCKED | known | {RUNNING: deployment("dddd", "1.5.0-alpha.3")})
    outcome = push.deliver(context, wanted())
    assert outcome.superseded_by == "1.5.0-alpha.3" and not outcome.changed
    assert APPLY not in context.run.lines


def test_a_version_that_a_person_asks_for_replaces_a_newer_one(config, plans):
    plans += [plan(), plan()]
    context = delivery(config, UNLOCKED | {RUNNING: deployment("dddd", "1.5.0-alpha.3")})
    assert push.deliver(context, wanted(automatic=False)).changed


def test_marks_name_the_commit_only_if_the_image_is_of_it():
    assert wanted().marks == newer_version.marks(COMMIT, IMAGE.tag)
    assert wanted(automatic=False).marks == newer_version.marks("", IMAGE.tag)
