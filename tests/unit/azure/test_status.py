"""What `azure.status` says of resources that are half-made, and of those that Azure says nothing about."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from aks_flow.cli.azure import lines, resources
from aks_flow.core.runner import Local

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
REGISTRY = "Microsoft.ContainerRegistry/registries"
HALF, UNTOLD = "half-made: x is Creating", "Azure tells no state of these, which may be whole or not: x"
# type and state of a resource x: what is said of it
SAID = {
    (REGISTRY, "Succeeded"): "",
    (REGISTRY, "Creating"): HALF,
    (REGISTRY, None): UNTOLD,
    (REGISTRY, ""): UNTOLD,
    (IDENTITY, None): "",
}


@pytest.mark.parametrize(("about", "says"), SAID.items(), ids=str)
def test_no_state_is_not_taken_for_a_good_one(plan_request, complete, monkeypatch, capsys, about, says):
    kind, state = about
    resource = {"id": "/a/x", "name": "x", "type": kind, "provisioningState": state}
    seen = replace(complete, resources=(resource,))
    monkeypatch.setattr(lines, "request", lambda task, run: plan_request)
    monkeypatch.setattr(resources.facts, "read", lambda run, az, azure: seen)
    resources.status_task(SimpleNamespace(runner=Local), json=False)
    said = capsys.readouterr().out
    assert [words for words in (HALF, UNTOLD) if words in said] == [words for words in [says] if words]
