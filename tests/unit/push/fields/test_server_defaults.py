"""What the server filled in for fields that the manifests no longer have: it goes with them."""

import copy
import json
from dataclasses import replace

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push.comparison import LiveComparison, compare
from aks_flow.push.fields.field_set import texts
from aks_flow.push.fields.foreign import beyond_diff
from aks_flow.push.fields.server_defaults import stale_defaults
from aks_flow.push.fields.takeover import taken_over, to_take_over
from aks_flow.push.refusal import Refused
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from tests.unit.push.fields.owned import Owned
from tests.unit.push.test_roll_out import delivery

PODS = {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web"}]}}}
ACCOUNT = {"serviceAccountName": "teller"}
TWIN = {"serviceAccountName": "teller", "serviceAccount": "teller"}
ROLLING = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
PARTED = {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}
RULES = {"podSelector": {}, "ingress": [{}]}


def with_account(account: dict) -> dict:
    pods = copy.deepcopy(PODS)
    pods["template"]["spec"] |= account
    return pods


def job(account: dict) -> dict:
    return {"schedule": "@daily", "jobTemplate": {"spec": with_account(account)}}


# kind, what was applied, what the server made of it, what is applied now, what is left behind, what is to be
GONE = {
    "a Deployment's account": (
        *(kinds.DEPLOYMENT, with_account(ACCOUNT), with_account(TWIN), PODS),
        [".spec.template.spec.serviceAccount"],
        PODS,
    ),
    "a CronJob's account": (
        *(kinds.CRON_JOB, job(ACCOUNT), job(TWIN), job({})),
        [".spec.jobTemplate.spec.template.spec.serviceAccount"],
        job({}),
    ),
    "a Deployment that is recreated": (
        *(kinds.DEPLOYMENT, PODS, {**PODS, "strategy": ROLLING}, {**PODS, "strategy": {"type": "Recreate"}}),
        [".spec.strategy.rollingUpdate"],
        {**PODS, "strategy": {"type": "Recreate"}},
    ),
    "a StatefulSet whose pods people replace": (
        *(kinds.STATEFUL_SET, PODS, {**PODS, "updateStrategy": PARTED}),
        {**PODS, "updateStrategy": {"type": "OnDelete"}},
        [".spec.updateStrategy.rollingUpdate"],
        {**PODS, "updateStrategy": {"type": "OnDelete"}},
    ),
    "a policy without rules for what goes out": (
        *(kinds.NETWORK_POLICY, {**RULES, "egress": [{}]}),
        {**RULES, "egress": [{}], "policyTypes": ["Ingress", "Egress"]},
        RULES,
        [".spec.policyTypes"],
        RULES,
    ),
}
STAYS = {
    "an account that is wanted": (kinds.DEPLOYMENT, with_account(ACCOUNT), with_account(TWIN)),
    "no account": (kinds.DEPLOYMENT, PODS, PODS),
    "the parameters of a rolling update": (kinds.DEPLOYMENT, PODS, {**PODS, "strategy": ROLLING}),
    "a policy's own types": (kinds.NETWORK_POLICY, RULES, {**RULES, "policyTypes": ["Ingress"]}),
}


def item(kind, spec: dict) -> dict:
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": "web"}, "spec": spec}


def delivered(kind, spec: dict, filled: dict) -> Owned:
    """As a server has it after a delivery; what it filled in has no owner."""
    owned = Owned(kind).applied(item(kind, spec))
    owned._item = {**owned._item, "spec": copy.deepcopy(filled)}
    return owned


@pytest.mark.parametrize(("kind", "before", "filled", "now", "left", "there"), GONE.values(), ids=GONE)
def test_what_was_filled_in_goes_with_its_cause(kind, before, filled, now, left, there):
    owned, wanted = delivered(kind, before, filled), item(kind, now)
    assert texts(stale_defaults(wanted, owned.live)) == left
    assert [text for text in beyond_diff([wanted], [owned.live], []) if left[0] in text]
    [pair] = to_take_over([wanted], [owned.live])
    after = owned.with_owners(taken_over(*pair)).applied(wanted).live
    assert after["spec"] == there and stale_defaults(wanted, after) == {}


@pytest.mark.parametrize(("kind", "spec", "filled"), STAYS.values(), ids=STAYS)
def test_what_still_has_its_cause_stays(kind, spec, filled):
    owned = delivered(kind, spec, filled)
    assert to_take_over([item(kind, spec)], [owned.live]) == []


def test_what_somebody_else_set_is_not_the_server_s():
    owned = delivered(kinds.DEPLOYMENT, PODS, PODS)
    owned.changed(lambda live: live["spec"]["template"]["spec"].update(TWIN), "vault-injector")
    assert stale_defaults(item(kinds.DEPLOYMENT, PODS), owned.live) == {}


def test_what_a_person_set_goes_whole():
    owned = delivered(kinds.DEPLOYMENT, PODS, PODS)
    owned.changed(lambda live: live["spec"]["template"]["spec"].update(ACCOUNT), "kubectl-set")
    owned._item["spec"]["template"]["spec"] |= TWIN
    [pair] = to_take_over([item(kinds.DEPLOYMENT, PODS)], [owned.live])
    after = owned.with_owners(taken_over(*pair)).applied(pair[0]).live
    assert after["spec"] == PODS


def test_nothing_is_the_delivery_s_where_nobody_delivered():
    owned = Owned().changed(
        lambda live: live.update(item(kinds.DEPLOYMENT, with_account(TWIN))), "kubectl-create"
    )
    assert stale_defaults(item(kinds.DEPLOYMENT, PODS), owned.live) == {}


RECREATED = item(kinds.DEPLOYMENT, {**PODS, "strategy": {"type": "Recreate"}})
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}
TEXTS = [json.dumps(RECREATED), json.dumps(SERVICE)]
INVALID = b'The Deployment "web" is invalid: spec.strategy.rollingUpdate: Forbidden: may not be specified'
ONE_OF_SEVERAL = INVALID.replace(b"The Deployment", b"Error from server (Invalid): Deployment.apps")

ANOTHER = INVALID.replace(b"spec.", b"[spec.") + b", spec.replicas: Invalid value: -1]"


class Server:
    """Refuses each diff that has the Deployment in it, in these words."""

    def __init__(self, live: dict, words: bytes):
        self._live, self._words = live, words

    def run(self, command: Command) -> Result:
        if "diff" not in command.argv:
            return Result(0, json.dumps(self._live).encode(), b"")
        if "Recreate" not in command.stdin:
            return Result(0, b"", b"")
        raise CommandFailed(command, Result(2, b"", self._words))


def compared(config, texts: list[str], live: dict, words: bytes = INVALID) -> LiveComparison:
    context = replace(delivery(config, {}), run=Server(live, words))
    return compare(context, "dev", "\n---\n".join(texts), (), True)


@pytest.mark.parametrize("words", [INVALID, ONE_OF_SEVERAL], ids=["alone", "one of several"])
@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1]], ids=["among others", "alone"])
def test_what_is_refused_for_a_field_that_goes_is_compared_without_the_server(config, texts, words):
    live = delivered(kinds.DEPLOYMENT, PODS, {**PODS, "strategy": ROLLING}).live
    told = compared(config, texts, live, words)
    lines = [line for line in told.diff.splitlines() if line[:1] in "+-" and line[1:2] == " "]
    assert [line[1:].split() for line in lines][-1] == ["type:", "Recreate"] and not told.unvalidated


@pytest.mark.parametrize(
    ("filled", "words"),
    [(PODS, INVALID), ({**PODS, "strategy": ROLLING}, ANOTHER), (with_account(TWIN), b"no such field")],
    ids=["nothing was filled in", "another fault too", "another fault"],
)
def test_what_is_refused_for_another_reason_stays_refused(config, filled, words):
    live = delivered(kinds.DEPLOYMENT, PODS, filled).live
    with pytest.raises(Refused, match="the cluster refuses"):
        compared(config, TEXTS, live, words)
