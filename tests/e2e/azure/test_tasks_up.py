"""azure.up and azure.down by the real az: made once, unchanged after that, and whole again after any kill."""

import os
import subprocess
import sys

import pytest
import yaml

from aks_flow.azure import faults
from aks_flow.azure.plan import down
from aks_flow.azure.plan.facts import read
from aks_flow.azure.signin import session
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.process.processes import SOURCES
from aks_flow.tools.az import AUDIENCE
from aks_flow.tools.az.identity import ISSUER
from tests.e2e.azure import tasks
from tests.e2e.azure.conftest import start
from tests.e2e.azure.tasks import Recorder

# One change of each kind, by words of its az call.
KINDS = (
    "provider register --namespace=Microsoft.ManagedIdentity",
    *("group create", "acr create", "aks create"),
    *("identity create --name=killed-dev", "federated-credential create --identity-name=killed-dev"),
    "role assignment create --role=AcrPush",
)


@pytest.fixture(scope="module")
def azure(cluster, tmp_path_factory):
    """A stand-in of this module's own, since it has one registry at a time; az reaches nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        for own in start(cluster, tmp_path_factory.mktemp("azure")):
            for name, value in own.client.environment.items():
                patch.setenv(name, value)
            yield own


@pytest.fixture(scope="module")
def made(azure, tmp_path_factory):
    """What a run that nobody disturbs makes: its configuration, what it ran, and what there is then."""
    config = configuration(azure, tmp_path_factory.mktemp("whole"), "whole")
    tasks.owner(azure, config)
    recorder = Recorder()
    tasks.bring_up(config, recorder)
    return config, recorder, tasks.state(config)


def configuration(azure, folder, name: str, **instead):
    return tasks.configured(azure, folder, **(_names(name) | instead))


def _names(name: str) -> dict:
    return {"group": name, "registry": {"name": f"{name}000"}, "cluster": {"ingress": "gateway"}}


def test_a_first_run_makes_everything_and_a_second_changes_nothing(made):
    config, first, _ = made
    assert len(first.changes) > 14
    second = Recorder()
    assert tasks.bring_up(config, second) == []
    assert second.changes == []


def test_what_differs_is_changed_back_and_nothing_else(made, azure):
    config, _, before = made
    where = ("--resource-group", "whole")
    azure.ok("acr", "update", "--name", "whole000", *where, "--sku", "Premium")
    wrong = ("--subject", "repo:octo/vote:environment:dev", "--issuer", ISSUER, "--audiences", AUDIENCE)
    call = ("identity", "federated-credential", "create", "--name", "github", "--identity-name", "whole-dev")
    azure.ok(*call, *where, *wrong)
    dev = azure.ok("identity", "show", "--name", "whole-dev", *where)
    azure.assign("Contributor", dev["principalId"], azure.ok("group", "show", "--name", "whole")["id"])
    recorder = Recorder()
    tasks.bring_up(config, recorder)
    assert [" ".join(change.split()[1:4]) for change in recorder.changes] == [
        *("acr update --name=whole000", "identity federated-credential create", "role assignment delete"),
    ]
    assert tasks.state(config) == before


def removal(config):
    """The line of azure.down."""
    about = tasks.wanted(config)
    [line] = down.lines(about, read(session.AzSession(Local()), about.az, config.azure))
    return line


@pytest.fixture(scope="module")
def removed(made):
    """The configuration of what was made, once it is gone: the stand-in has room for one registry."""
    config, _, _ = made
    session.AzSession(Local()).run(removal(config).command)
    return config


def test_removal_leaves_nothing_and_a_second_has_nothing_to_do(removed):
    assert removal(removed).settled


@pytest.fixture(scope="module")
def killed(removed, azure, tmp_path_factory):
    """The same made by runs that were each killed while az carried out a change."""
    folder = tmp_path_factory.mktemp("killed")
    config = configuration(azure, folder, "killed")
    tasks.owner(azure, config)
    azure.az("provider", "unregister", "--namespace", "Microsoft.ManagedIdentity")
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump(tasks.settings(azure, folder, **_names("killed"))))
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    ends = []
    for needle in KINDS:
        command = (sys.executable, "-m", "tests.e2e.azure.tasks", file, folder, needle)
        process = subprocess.run(
            command, cwd=tasks.ROOT, env=environment, capture_output=True, text=True, timeout=120
        )
        assert process.returncode in (0, -9), process.stderr
        ends.append(process.returncode)
    return config, ends


def test_a_run_killed_at_any_kind_of_step_is_made_whole_by_the_next(made, killed):
    (_, _, whole), (config, ends) = made, killed
    assert ends == [-9] * len(KINDS)
    tasks.bring_up(config, Recorder())
    assert tasks.state(config) == whole


def test_a_name_that_somebody_has_is_said_before_anything_is_made(azure, killed, tmp_path):
    config = tasks.configured(azure, tmp_path, group="late", registry={"name": "killed000"})
    tasks.owner(azure, config)
    recorder = Recorder()
    with pytest.raises(AksFlowError, match="registry killed000 cannot be made"):
        tasks.bring_up(config, recorder)
    assert recorder.changes == []


# A fault of the stand-in while the node pool is to grow to so many -> its cause as a person reads it.
FAULTS = [
    (
        4,
        {
            "at": "operation PUT */managedClusters *",
            "fails": {"code": "QuotaExceeded", "message": "no cores"},
        },
        "has no room for these nodes",
    ),
    (
        5,
        {
            "at": "PUT */managedClusters *",
            "times": 0,
            "status": 403,
            "code": "AuthorizationFailed",
            "message": "no",
        },
        "may not do this, or its role is not effective yet",
    ),
    (
        6,
        {
            "at": "PUT */managedClusters *",
            "times": 0,
            "status": 429,
            "code": "TooManyRequests",
            "message": "no",
        },
        "asks for fewer requests",
    ),
]


@pytest.mark.parametrize(("nodes", "fault", "cause"), FAULTS, ids=[cause for _, _, cause in FAULTS])
def test_a_fault_ends_with_its_cause_and_a_next_step(azure, killed, tmp_path, nodes, fault, cause):
    config = configuration(azure, tmp_path, "killed", cluster={"name": "aks-flow", "max_nodes": nodes})
    tasks.owner(azure, config)
    with azure.faults({"retryAfter": 0, **fault}), pytest.raises(faults.AzureFailed, match=cause) as error:
        tasks.bring_up(config, Recorder())
    assert error.value.next_step
