"""The role for commands in the cluster: made where it is asked for, had by each job, removed last."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from aks_flow.azure.faults import explained
from aks_flow.azure.identity import access
from aks_flow.azure.plan import down, plan
from aks_flow.azure.plan.facts import read
from aks_flow.core.command import Result
from aks_flow.core.config.load import load
from aks_flow.core.runner import CommandFailed
from aks_flow.tools.az import Az
from tests.unit.azure import subscription

NAME = f"aks-flow command invoke ({subscription.ID[:8]})"
THING = f"role definition {NAME}"
MADE = {"roleName": NAME}


@pytest.fixture
def asked(settings, tmp_path):
    """The configuration that has it, and what a plan is made from."""
    settings["azure"]["cluster"]["invoke"] = "jobs"
    return plan.AzurePlanRequest(load(settings, tmp_path), Az(Path("cli")), "Octo/vote")


@pytest.fixture
def facts(asked):
    return subscription.complete(asked.config)


def due(request, facts) -> list:
    return [line for line in plan.lines(request, facts) if not line.settled]


def test_who_does_not_ask_for_it_gets_none(plan_request, complete):
    assert not [line for line in plan.lines(plan_request, complete) if "command invoke" in line.thing]


def test_it_is_made_with_three_actions(asked, facts):
    [line] = due(asked, facts)
    assert (line.verb, line.thing, line.after) == ("create", THING, "")
    [option] = [word for word in line.command.argv if word.startswith("--role-definition=")]
    made = json.loads(option.partition("=")[2])
    assert (made["Name"], made["AssignableScopes"]) == (NAME, [f"/subscriptions/{subscription.ID}"])
    assert sorted(action.partition("/managedClusters/")[2] for action in made["Actions"]) == [
        *("commandResults/read", "read", "runcommand/action"),
    ]
    assert due(asked, replace(facts, invoke_role=MADE)) == []


def test_jobs_that_deliver_or_read_have_it_at_the_cluster_alone(asked):
    grants = [grant for grant in access.grants(asked.config, subscription.ID) if grant.role == NAME]
    assert {grant.who for grant in grants} == {
        f"aks-flow-{name}" for name in ("dev", "staging", "production", "nightly", "plan", "production-undo")
    }
    assert {grant.scope for grant in grants} == {access.cluster_id(asked.config.azure, subscription.ID)}


@pytest.mark.parametrize(("there", "after"), [(None, THING), (MADE, "")])
def test_it_is_given_once_it_is_there(asked, facts, there, after):
    missing = replace(facts, assignments=(), invoke_role=there)
    lines = [line for line in due(asked, missing) if line.thing.startswith(f"role {NAME}")]
    assert len(lines) == 6 and {line.after for line in lines} == {after}


def test_it_is_removed_when_nobody_has_it_any_more(asked, facts):
    facts = replace(facts, invoke_role=MADE)
    assert [line.thing for line in down.lines(asked, facts)] == ["group aks-flow", THING]
    [line] = down.lines(asked, replace(facts, group=None))
    assert (line.verb, line.thing) == ("remove", THING)
    [nothing] = down.lines(asked, replace(facts, group=None, invoke_role=None))
    assert nothing.settled


class Subscription:
    """az, which has the role in the subscription of the cluster alone."""

    def run(self, command) -> Result:
        words = " ".join(command.argv)
        if "role definition list" in words:
            assert (
                "--name=aks-flow command invoke (22222222)" in words and "--subscription=22222222-1" in words
            )
            return Result(0, json.dumps([MADE]).encode(), b"")
        answer = {"id": subscription.ID} if "account show" in words else []
        return Result(3 if " show" in words and not answer else 0, json.dumps(answer).encode(), b"")


def test_it_is_where_the_cluster_is(settings, tmp_path):
    settings["azure"]["cluster"] |= {"invoke": "jobs", "group": "team", "subscription": "22222222-1"}
    config = load(settings, tmp_path)
    assert read(Subscription(), Az(Path("cli")), config.azure).invoke_role == MADE


def test_a_list_that_has_not_heard_of_it_yet_is_asked_again(asked, facts):
    """As azure.up does: the name is taken, so it is there, and the next reading shows it."""
    [line] = due(asked, facts)
    said = b"ERROR: (RoleDefinitionWithSameNameExists) A custom role with the same name already exists."
    assert explained(CommandFailed(line.command, Result(1, b"", said))).fault.done
