"""Taking fields over where others write at the same time, or nobody may."""

import json

import pytest

from aks_flow.core.command import Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push.fields import takeover
from aks_flow.push.fields.takeover import take_over
from tests.unit.push.fields.test_fields import delivered, set_env
from tests.unit.push.test_roll_out import KUBECTL, MANIFEST, PRESENT, delivery

BY_HAND = delivered().changed(set_env, "kubectl-set")
PATCH = f"{KUBECTL} patch deployment.apps/web --type=json --patch-file=/dev/stdin --output=name"
CHANGED = Result(1, b"", b"Error from server (Conflict): the object has been modified")


def test_the_record_of_owners_alone_is_replaced_in_the_version_that_was_read(config):
    context = delivery(config, {PRESENT: json.dumps(BY_HAND.live), PATCH: ""})
    take_over(context, "dev", MANIFEST)
    assert context.run.lines == [PRESENT, PATCH]
    owners, version = json.loads(context.run.ran[-1].stdin)
    assert (owners["path"], version["path"]) == ("/metadata/managedFields", "/metadata/resourceVersion")
    assert version["value"] == "7" and {entry["manager"] for entry in owners["value"]} == {"aks-flow"}


def test_where_nobody_else_has_a_field_nothing_is_written(config):
    context = delivery(config, {PRESENT: json.dumps(delivered().live)})
    take_over(context, "dev", MANIFEST)
    assert context.run.lines == [PRESENT]


def test_an_object_that_was_written_meanwhile_is_read_again_and_a_delivery_does_not_hang_on_it(
    config, monkeypatch
):
    monkeypatch.setattr(takeover, "_WITHIN", 0.2)
    context = delivery(config, {PRESENT: json.dumps(BY_HAND.live), PATCH: CHANGED})
    take_over(context, "dev", MANIFEST)
    assert context.run.lines[:4] == [PRESENT, PATCH, PRESENT, PATCH]
    assert "is left" in context.steps.done[-1].note


def test_who_may_not_write_it_hears_so(config):
    refused = Result(1, b"", b"Error from server (Forbidden): no")
    with pytest.raises(CommandFailed, match="Forbidden"):
        take_over(delivery(config, {PRESENT: json.dumps(BY_HAND.live), PATCH: refused}), "dev", MANIFEST)
