"""The role that azure.up makes for commands in the cluster: a job may run them with it, and not without."""

import pytest

from aks_flow.azure.plan import invoke_role
from aks_flow.core import wait
from aks_flow.core.runner import Local
from aks_flow.tools.az import parse, role
from tests.e2e.azure import tasks

_NAME = "estate command invoke (1)"
_RUN = (
    "aks",
    "command",
    "invoke",
    "--name",
    "estate",
    "--resource-group",
    "estate",
    "--command",
    "echo inside",
)


@pytest.fixture
def az(azure, estate, tmp_path, monkeypatch):
    """The owner's."""
    for name, value in azure.client.environment.items():
        monkeypatch.setenv(name, value)
    names = {"group": "estate", "registry": {"name": "estate01"}, "cluster": {"name": "estate"}}
    config = tasks.configured(azure, tmp_path, **names)
    tasks.owner(azure, config)
    return tasks.wanted(config).az


def test_a_job_runs_commands_in_the_cluster_by_the_role_that_is_made_for_that(azure, estate, deployer, az):
    assert "AuthorizationFailed" in azure.refused(*_RUN, home=deployer)
    run = Local()
    run.run(role.create(az, _NAME, "for a try", invoke_role.ACTIONS, az.subscription))
    wait.until(lambda: parse(run.run(role.own(az, _NAME)).text), "the role in Azure's lists", 60)
    azure.assign(_NAME, estate.principal, estate.cluster)
    assert azure.ok(*_RUN, home=deployer)["logs"] == "inside\n"
    assert "RoleDefinitionHasAssignments" in azure.refused("role", "definition", "delete", "--name", _NAME)
    azure.ok("role", "assignment", "delete", "--role", _NAME, "--scope", estate.cluster)
    run.run(role.delete(az, _NAME))
    assert parse(run.run(role.own(az, _NAME)).text) == []
