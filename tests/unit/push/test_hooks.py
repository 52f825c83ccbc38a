"""What runs before a delivery, and in which order the rest follows, with the cluster's answers planned."""

import json
from dataclasses import replace

import pytest

from aks_flow.core.command import Result
from aks_flow.manifests import render, sync_waves
from aks_flow.push.apply import apply_waves
from aks_flow.push.deliver import roll_out
from aks_flow.push.history.history import History
from aks_flow.push.hooks import run_before
from aks_flow.push.plan import PlanBasis, PlannedHooks, PushPlan
from aks_flow.push.refusal import Refused
from aks_flow.push.validate import dry_run
from aks_flow.rollout.watch.failure import BadVerdict
from tests.unit.planned import Planned
from tests.unit.push.test_roll_out import APPLY, GOOD, IMAGE, KUBECTL, REQUEST, SEE, delivery
from tests.unit.rollout.verdict import objects

HOOK = """apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: POLICY}
"""
WAVES = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {argocd.argoproj.io/sync-wave: "-1"}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: late}
"""
CHECK = f"{KUBECTL} create --dry-run=server --filename=- --output=name"
REMOVE = f"{KUBECTL} delete --filename=- --ignore-not-found --timeout=60s"
MAKE = f"{KUBECTL} create --filename=- --output=json"
GET = f"{KUBECTL} get --filename=- --ignore-not-found --output=json --show-managed-fields"
EXISTS = Result(1, b"", b'Error from server (AlreadyExists): jobs.batch "migrate" already exists\n')
SEE_JOB = f"{KUBECTL} get jobs.batch,pods,events --output=json"
LOG = f"{KUBECTL} logs migrate-x --container=web --tail=20 --previous=false"
UID = "job-uid"


def job(**status):
    metadata = {"name": "migrate", "uid": UID, "generation": 1}
    return {"kind": "Job", "metadata": metadata, "spec": {"template": {}}, "status": status}


def ended(condition, **more):
    return job(conditions=[{"type": condition, "status": "True", **more}])


def answers(state):
    seen = json.dumps({"kind": "List", "items": [state]})
    return GOOD | {CHECK: "", REMOVE: "", MAKE: json.dumps(job()), SEE_JOB: seen}


def plan(policy="BeforeHookCreation", manifest=WAVES):
    before = sync_waves.order(render.documents(HOOK.replace("POLICY", policy))).before
    return PushPlan(
        "dev",
        "vote-dev",
        IMAGE,
        manifest,
        hooks=PlannedHooks(before),
        basis=PlanBasis(history=History("dev")),
    )


def test_a_hook_is_made_anew_and_waited_for(config):
    context = delivery(config, answers(ended("Complete")))
    run_before(context, plan())
    assert context.run.lines == [REMOVE, MAKE, SEE_JOB]
    assert [step.note for step in context.steps.done] == ["job/migrate"]


def test_a_hook_that_is_there_was_made_by_a_try_whose_answer_was_lost(config):
    """Nothing of its name was left just before, and this delivery has the lock."""
    context = delivery(config, answers(ended("Complete")) | {MAKE: EXISTS, GET: json.dumps(job())})
    run_before(context, plan())
    assert context.run.lines == [REMOVE, MAKE, GET, SEE_JOB]


def test_a_hook_goes_after_success_if_it_says_so(config):
    context = delivery(config, answers(ended("Complete")))
    run_before(context, plan("HookSucceeded"))
    assert context.run.lines == [REMOVE, MAKE, SEE_JOB, REMOVE]


def test_a_failed_hook_stops_everything_and_stays_for_study(config):
    failed = ended("Failed", reason="BackoffLimitExceeded", message="Job has reached the limit")
    pod = objects.pod("migrate-x", owned_by=UID, ready=False, state={"terminated": {"exitCode": 3}})
    seen = json.dumps({"kind": "List", "items": [failed, pod]})
    context = delivery(config, answers(failed) | {SEE_JOB: seen, LOG: "migrating\nno such table\n"})
    with pytest.raises(BadVerdict, match="Job has reached the limit") as raised:
        roll_out(context, REQUEST, plan())
    assert raised.value.findings[0].exit_code == 3
    assert "log: no such table" in str(raised.value) and "Nothing else was changed" in str(raised.value)
    assert APPLY not in context.run.lines
    assert context.run.lines.count(REMOVE) == 1


def test_a_hook_after_the_delivery_runs_once_all_is_healthy(config):
    context = delivery(config, answers(ended("Complete")) | {SEE: GOOD[SEE]})
    later = plan()
    roll_out(context, REQUEST, replace(later, hooks=PlannedHooks(after=later.hooks.before)))
    lines = context.run.lines
    assert lines.index(APPLY) < lines.index(SEE) < lines.index(MAKE)


def test_a_failed_hook_after_the_delivery_makes_it_bad(config):
    failed = ended("Failed", reason="BackoffLimitExceeded", message="Job has reached the limit")
    seen = json.dumps({"kind": "List", "items": [failed]})
    context = delivery(config, answers(failed) | {SEE_JOB: seen})
    later = plan()
    with pytest.raises(BadVerdict, match="Job has reached the limit") as raised:
        roll_out(context, REQUEST, replace(later, hooks=PlannedHooks(after=later.hooks.before)))
    assert raised.value.undone and "Nothing else was changed" not in str(raised.value)


REFUSED = {
    "a quota": ("Error from server (Forbidden): exceeded quota: small", "apply-failed"),
    "no answer": ("The connection to the server 10.0.0.1:6443 was refused", "no-answer"),
}


@pytest.mark.parametrize("command", [REMOVE, MAKE], ids=["the removal", "the creation"])
@pytest.mark.parametrize(("words", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_hook_that_cannot_be_made_is_a_verdict_and_nothing_else_changes(config, command, words, reason):
    context = delivery(config, answers(job()) | {command: Result(1, b"", words.encode())})
    with pytest.raises(BadVerdict, match="exceeded quota: small|was refused") as raised:
        roll_out(context, REQUEST, plan(policy="HookFailed"))
    assert raised.value.reason == reason and "Nothing else was changed" in str(raised.value)
    assert "Correct what is seen above" in str(raised.value)  # a quota or a registry is no fault of the Job's
    assert APPLY not in context.run.lines


def test_a_hook_that_is_still_there_from_the_last_time_is_valid(config):
    context = delivery(config, GOOD | {CHECK: EXISTS})
    dry_run(context, plan())
    assert context.run.lines == [CHECK]


def test_a_hook_that_the_server_refuses_stops_everything(config):
    exists = b'Error from server (AlreadyExists): jobs.batch "other" already exists\n'
    words = b'The Job "migrate" is invalid: spec.template: Required value\n'
    for answer in (words, exists + words):
        context = delivery(config, GOOD | {CHECK: Result(1, b"", answer)})
        with pytest.raises(Refused, match="spec"):
            dry_run(context, plan())


def test_a_later_wave_waits_for_the_one_before(config):
    context = delivery(config, answers(ended("Complete")))
    roll_out(context, REQUEST, plan(manifest=WAVES))
    applied = [command.stdin for command in context.run.ran if str(command) == APPLY]
    assert ["web" in text for text in applied] == [True, False]
    first, second = (at for at, line in enumerate(context.run.lines) if line == APPLY)
    assert SEE in context.run.lines[first:second]


class Applying(Planned):
    """A server that stores a Job for a wave of Jobs, and a Deployment for any other."""

    def run(self, command):
        if str(command) != APPLY:
            return super().run(command)
        stored = ended("Complete") if "migrate" in command.stdin else objects.deployment()
        return Result(0, json.dumps(stored).encode(), b"")


def test_a_job_of_an_earlier_wave_is_done_and_may_have_removed_itself_by_the_end(config):
    once = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: {%s: '-2'}}\n---\n"
    text = once % "argocd.argoproj.io/sync-wave" + WAVES
    context = replace(delivery(config, {}), run=Applying(answers(ended("Complete"))))
    goal = apply_waves(context, replace(plan(manifest=text), hooks=PlannedHooks()), print)
    assert [target.ref for target in goal.targets] == ["deployment/web", "deployment/web"]


def test_a_wave_that_is_not_well_is_the_last_that_is_applied(config):
    denied = {"waiting": {"reason": "ErrImagePull", "message": "code = NotFound: not found"}}
    broken = [
        objects.deployment(available=0),
        objects.replica_set(),
        objects.pod(ready=False, state=denied),
        objects.pod("web-new-2", ready=False, state=denied),
    ]
    context = delivery(config, GOOD | {CHECK: "", SEE: json.dumps({"kind": "List", "items": broken})})
    with pytest.raises(BadVerdict, match="image-not-found"):
        roll_out(context, REQUEST, replace(plan(), hooks=PlannedHooks()))
    assert context.run.lines.count(APPLY) == 1
