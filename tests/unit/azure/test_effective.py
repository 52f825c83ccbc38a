"""What waits for roles waits only for them, says for what, and ends."""

import datetime
from dataclasses import replace

import pytest

from aks_flow.azure import effective
from aks_flow.azure.effective import AwaitingRoles
from aks_flow.core.command import Result, command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.core.steps import Silent, Steps
from tests.unit.azure import subscription

FORBIDDEN = (
    'Error from server (Forbidden): namespaces is forbidden: User "x" cannot create resource "namespaces" in '
    'API group "" at the cluster scope: User does not have access to the resource in Azure. Update role '
    "assignment to allow access."
)


class Refusing:
    """Refuses so many times, with these words."""

    def __init__(self, times: int, said: str):
        self.times, self.said, self.ran = times, said, 0

    def run(self, asked):
        self.ran += 1
        if self.ran <= self.times:
            raise CommandFailed(asked, Result(1, b"", self.said.encode()))
        return Result(0, b"fine", b"")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(effective, "PAUSE", 0.01)


def test_a_role_that_does_not_count_yet_is_waited_for_and_said():
    cluster, steps = Refusing(2, FORBIDDEN), Steps(Silent())
    assert AwaitingRoles(cluster, 5, steps).run(command("kubectl", "apply")).text == "fine"
    assert cluster.ran == 3
    [step] = steps.done
    assert step.name == "wait" and "role for the cluster is not effective yet" in step.note


def test_what_was_made_between_kubectl_s_look_and_its_creation_is_applied_once_more():
    """By somebody else, or by a try whose answer was lost."""
    said = 'Error from server (AlreadyExists): error when creating "STDIN": namespaces "dev" already exists'
    cluster = Refusing(1, said)
    assert AwaitingRoles(cluster, 5, Steps(Silent())).run(command("kubectl", "apply")).text == "fine"


def test_another_refusal_is_none_to_wait_for():
    cluster = Refusing(9, "Error from server (Forbidden): exceeded quota")
    with pytest.raises(CommandFailed):
        AwaitingRoles(cluster, 5, Steps(Silent())).run(command("kubectl", "apply"))
    assert cluster.ran == 1


def test_a_role_that_never_counts_ends_with_its_cause():
    with pytest.raises(AksFlowError, match="role for the cluster is not effective yet.*azure.status"):
        AwaitingRoles(Refusing(10**9, FORBIDDEN), 0.05, Steps(Silent())).run(command("kubectl", "apply"))


@pytest.mark.parametrize(("age", "left"), [(0, 300), (100, 200), (300, 0), (-50, 300)])
def test_the_nodes_role_to_pull_must_be_as_old_as_azure_needs(complete, age, left):
    now = 1_700_000_000.0
    stamp = datetime.datetime.fromtimestamp(now - age, datetime.UTC).isoformat()
    own = subscription.assignment(subscription.KUBELET, "AcrPull", "/x") | {"createdOn": stamp}
    assert effective.remaining(replace(complete, assignments=(own,)), 300, now) == left


def test_roles_of_others_are_not_waited_for(complete):
    stamp = datetime.datetime.now(datetime.UTC).isoformat()
    other = subscription.assignment("somebody", "AcrPull", "/x") | {"createdOn": stamp}
    assert effective.remaining(replace(complete, assignments=(other,)), 300, 0) == 0
