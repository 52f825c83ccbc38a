"""A failure after the first change: what went in, what did not, and the way back."""

import json
import re

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push import deliver
from aks_flow.push.deliver import roll_out
from aks_flow.push.failed_apply import findings
from aks_flow.push.history import rollback
from aks_flow.push.history.history import History
from aks_flow.push.validate import Validated
from aks_flow.rollout.verdict.reasons import EXIT_CODES
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.tools.kubectl import resources
from aks_flow.tools.kubectl.apply import LAST_APPLIED
from tests.unit.push.revisions import CONCLUDED, entry
from tests.unit.push.test_roll_out import (
    APPLY,
    CREATE,
    GOOD,
    KUBECTL,
    MANIFEST,
    PRESENT,
    REQUEST,
    VERSION,
    delivery,
    plan,
    told,
)

QUOTA = 'Error from server (Forbidden): error when creating "STDIN": "b" is forbidden: exceeded quota: small'
AWAY = "The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?"


def service(name: str, **spec) -> dict:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def applied(item: dict) -> dict:
    """The object as the server has it after kubectl applied it."""
    note = {**item, "metadata": {"annotations": {}, "namespace": "shop", **item["metadata"]}}
    annotations = item["metadata"].get("annotations", {}) | {LAST_APPLIED: json.dumps(note)}
    return {**item, "metadata": {**item["metadata"], "namespace": "shop", "annotations": annotations}}


def failed(words: str, tried: list[dict] | None = None) -> CommandFailed:
    """kubectl's word about a wave, or about the whole manifest."""
    text = resources.documents(tried) if tried else None
    command = Command(("kubectl", "apply"), cluster=True, stdin=text)
    return CommandFailed(command, Result(1, b"", words.encode()))


NEW = [service("a"), service("b", ports=[{"nodePort": 30001}])]
NOTED = [service("c") | {"metadata": {"name": "c", "annotations": {"a": "b"}}}]
HALVES = {
    "a quota in the middle": (NEW, [applied(NEW[0])], QUOTA, ["service/b"]),
    "two Services with one port": (
        NEW,
        [applied(NEW[0])],
        'The Service "b" is invalid: spec.ports[0].nodePort: 30001: provided port is already allocated',
        ["service/b"],
    ),
    "a change that a policy denies": (
        [*NOTED, NEW[1]],
        [applied(NOTED[0]), applied(service("b"))],
        'Error from server: error when applying patch:\n{}\nfor: "STDIN": admission webhook "p" denied "b"',
        ["service/b"],
    ),
    "the first of all": (
        NEW,
        [],
        'Error from server: "a" may not be\nError from server: "b" may not be',
        ["service/a", "service/b"],
    ),
    "an answer that names nobody": (
        NEW,
        [applied(NEW[1])],
        'Error from server: the request is "a" riddle',
        ["service/a"],
    ),
    "an object of another way": (NEW, [NEW[0], applied(NEW[1])], 'error: "a" differs', ["service/a"]),
}


@pytest.mark.parametrize(("objects", "live", "words", "refused"), HALVES.values(), ids=HALVES)
def test_what_did_not_go_in_is_named_with_the_server_s_words_and_what_did_beside(
    objects, live, words, refused
):
    seen = findings(objects, live, failed(words))
    assert [finding.workload for finding in seen] == refused
    assert {finding.reason for finding in seen} == {"apply-failed"}
    assert all(f'"{finding.workload[-1]}"' in finding.text for finding in seen)
    others = [f"service/{item['metadata']['name']}" for item in objects]
    went_in = [name for name in others if name not in refused]
    assert seen[0].notes == ((f"went in: {', '.join(went_in)}",) if went_in else ())


def test_a_command_that_failed_although_everything_went_in_is_named_itself():
    [finding] = findings(NEW, [applied(item) for item in NEW], failed("boom"))
    assert finding.text == "`kubectl apply` ended with exit code 1: boom"
    assert finding.notes == ("went in: service/a, service/b",)


def test_what_a_webhook_says_of_each_object_is_said_once():
    words = 'Error from server: admission webhook "p" denied the request: sign it'
    assert {finding.text for finding in findings(NEW, [], failed(f"{words}\n{words}"))} == {words}


def test_a_wave_that_was_not_begun_is_told_apart_from_what_was_refused():
    [finding] = findings([*NOTED, *NEW], [applied(NOTED[0])], failed("a is denied", tried=NEW[:1]))
    assert finding.workload == "service/a"
    assert finding.notes == ("went in: service/c", "not applied any more: service/b")


@pytest.fixture
def restored(monkeypatch):
    numbers = []

    def restore(context, history, revision):
        numbers.append(revision.number)
        return rollback.Restored(revision, 3)

    monkeypatch.setattr(rollback, "restore", restore)
    return numbers


BEFORE = MANIFEST.replace("app: web", "app: web, was: good")
PAST = History("dev", (entry(1, BEFORE),))
CONCLUDE = f"{KUBECTL} annotate secret aks-flow.revision.2 aks-flow/verdict={{}} {CONCLUDED} --overwrite"
NOTES = {CONCLUDE.format(reason): "" for reason in EXIT_CODES}


@pytest.mark.parametrize("noted", ["", Result(1, b"", b"Error from server (Forbidden): secrets")])
def test_what_was_applied_in_part_is_undone_whether_or_not_that_can_be_written_down(config, restored, noted):
    answers = {APPLY: Result(1, b"", QUOTA.encode()), PRESENT: ""}
    context = delivery(config, GOOD | answers | {CONCLUDE.format("apply-failed"): noted})
    with pytest.raises(BadVerdict, match="exceeded quota") as bad:
        roll_out(context, REQUEST, plan(history=PAST))
    assert (bad.value.exit_code, bad.value.undone.status, restored) == (20, "restored", [1])


def test_without_an_answer_nothing_is_said_about_the_version_and_it_is_left(config, restored):
    context = delivery(config, GOOD | NOTES | {APPLY: Result(1, b"", AWAY.encode())})
    with pytest.raises(BadVerdict, match="was refused") as bad:
        roll_out(context, REQUEST, plan(history=PAST))
    assert (bad.value.exit_code, bad.value.undone.status, restored) == (21, "left", [])
    assert "the same command again looks at it" in str(bad.value)


KEPT_BACK = {
    "a kind": 'Error from server (Forbidden): replicasets.apps is forbidden: User "ci" cannot list resource '
    '"replicasets" in API group "apps" in the namespace "shop"',
    "a sign-in that has run out": "error: You must be logged in to the server (Unauthorized)",
}


@pytest.mark.parametrize("words", KEPT_BACK.values(), ids=KEPT_BACK)
def test_a_version_that_may_not_be_looked_at_is_neither_good_nor_bad(config, restored, monkeypatch, words):
    def hidden(*_):
        raise CommandFailed(
            Command(("kubectl", "get"), cluster=True, reads=True), Result(1, b"", words.encode())
        )

    monkeypatch.setattr(deliver, "verify", hidden)
    context = delivery(config, GOOD | NOTES)
    with pytest.raises(BadVerdict, match=re.escape(words[-40:])) as bad:
        roll_out(context, REQUEST, plan(history=PAST))
    assert (bad.value.exit_code, bad.value.undone.status, restored) == (21, "left", [])


def test_the_evidence_outlives_a_strategy_that_cannot_be_withdrawn(config, monkeypatch, restored):
    monkeypatch.setattr(
        deliver,
        "validate",
        lambda *_: Validated(frozenset(), [], foreign=False, strategy=object()),
    )
    for step in ("run_strategy", "withdraw"):
        monkeypatch.setattr(deliver, step, _fails)
    context = delivery(config, GOOD | NOTES | {PRESENT: ""})
    with pytest.raises(BadVerdict, match="exceeded quota") as bad:
        roll_out(context, REQUEST, plan(history=PAST))
    assert bad.value.undone.status == "failed" and "Going back to revision 1" in bad.value.undone.text


def _fails(*_):
    raise failed(QUOTA)


def test_a_way_back_that_cannot_be_written_down_is_gone_all_the_same(config):
    refused = Result(1, b"", b"Error from server (Forbidden): exceeded quota: secrets")
    served = told(entry(1, "").image.tag)
    context = delivery(config, GOOD | {CREATE: refused, VERSION: served})
    done = rollback.restore(context, PAST, entry(1, MANIFEST))
    assert done.number == 0 and APPLY in context.run.lines
    assert any("could not be written down" in step.note for step in context.steps.done)
