"""What Azure may do to a run, by the real az: each fault ends with its cause and what to do."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from aks_flow.azure import faults
from aks_flow.azure.signin import job_token, session, signin
from aks_flow.core import wait
from aks_flow.core.command import Command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.azure import github_tokens
from aks_flow.tools.az import acr, aks_cluster, group, parse
from tests.e2e.azure import tasks
from tests.e2e.azure.conftest import SUBJECT

LONG = 30  # seconds until an operation fails
FRESH = 8  # seconds for which a job's token is good
_QUOTA = "Operation could not be completed as it results in exceeding approved Total Regional Cores quota."


@dataclass(frozen=True)
class Case:
    """What the stand-in is told to do while a call is made, and what a person then reads."""

    name: str
    fault: dict
    call: Callable[[Config], Command]
    cause: str
    do: str


def _az(config: Config):
    return session.az(config)


def _made(config: Config, name: str) -> Command:
    azure = replace(config.azure, cluster=replace(config.azure.cluster, name=name))
    return aks_cluster.create(_az(config), azure, {"managed-by": "aks-flow"})


CASES = [
    Case(
        "quota, as the cluster is made",
        {
            "at": "operation PUT */managedClusters first",
            "fails": {"code": "QuotaExceeded", "message": _QUOTA},
        },
        lambda config: _made(config, "first"),
        "the subscription has no room for these nodes in this region",
        "Ask for quota",
    ),
    Case(
        "quota, as it is asked for",
        {
            **{"at": "PUT */managedClusters second", "status": 400, "message": _QUOTA},
            "code": "ErrCode_InsufficientVCPUQuota",
        },
        lambda config: _made(config, "second"),
        "the subscription has no room for these nodes in this region",
        "Ask for quota",
    ),
    Case(
        "the registry's firewall",
        {"at": "acr firewall", "times": 0},
        lambda config: acr.token(_az(config), config.azure),
        "the registry's firewall does not let this machine in",
        "az acr network-rule add",
    ),
    Case(
        "a policy",
        {
            **{"at": "PUT */resourceGroups forbidden", "status": 403, "code": "RequestDisallowedByPolicy"},
            "message": "Resource 'forbidden' was disallowed by policy.",
        },
        lambda config: group.create(_az(config), "forbidden", "westeurope", {}),
        "a policy of the organisation forbids this",
        "ask its owner",
    ),
]


@pytest.fixture(scope="module")
def config(azure, estate, tmp_path_factory) -> Iterator[Config]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in azure.client.environment.items():
            patch.setenv(name, value)
        names = {"group": "estate", "registry": {"name": "estate01"}, "cluster": {"name": "estate"}}
        made = tasks.configured(azure, tmp_path_factory.mktemp("faults"), client=estate.client, **names)
        tasks.owner(azure, made)
        yield made


@pytest.fixture(scope="module")
def late(azure, config) -> Iterator:
    """A removal that fails after 30 s, and goes on beside the other tests."""
    azure.ok("group", "create", "--name", "late", "--location", "westeurope")
    fails = {"code": "ScopeLocked", "message": "The scope 'late' cannot be deleted: it is locked."}
    fault = {"at": "operation DELETE */resourceGroups late", "seconds": LONG, "fails": fails}
    with ThreadPoolExecutor(1) as pool:
        with azure.faults(fault):
            begun = time.monotonic()
            ended = pool.submit(session.AzSession(Local()).run, group.delete(_az(config), "late"))
            wait.until(lambda: _state(azure, "late") == "Deleting", "the removal", 30)
        yield begun, ended


def _state(azure, name: str) -> str:
    return azure.ok("group", "show", "--name", name)["properties"]["provisioningState"]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_fault_has_its_cause_and_a_next_step(azure, config, late, case):
    with azure.faults(case.fault), pytest.raises(faults.AzureFailed) as error:
        session.AzSession(Local()).run(case.call(config))
    assert error.value.what.startswith(case.cause) and case.do in error.value.next_step


def test_what_a_failed_creation_leaves_is_told(azure, config):
    """The first case's cluster: half-made, as `azure.status` lists it."""
    found = parse(session.AzSession(Local()).run(group.resources(_az(config), "estate")).text)
    states = {one["name"]: one["provisioningState"] for one in found}
    assert states["first"] == "Failed"
    azure.ok("aks", "delete", "--name", "first", "--resource-group", "estate", "--yes", "--no-wait")


def test_a_job_whose_token_has_expired_signs_in_again_and_goes_on(azure, config, tmp_path, monkeypatch):
    """az shows GitHub's token again when its own ends; that is then too old, and a new one is asked for."""
    monkeypatch.setenv("SSL_CERT_FILE", str(azure.client.certificate))
    mine = replace(config, azure=replace(config.azure, home=str(tmp_path), subscription=""))
    azure.other(mine.azure_home / "cli")
    job = {
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": github_tokens.request_url(azure.client.url, SUBJECT),
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": azure.seed.request_token,
    }
    az, plain = session.az(mine), session.AzSession(Local())
    sign_in = signin.AzureSignIn(plain, mine, az, None, job)
    short = ({"at": "github token", "lifetime": FRESH}, {"at": "token", "lifetime": 60})
    with azure.faults(*({**one, "times": 0} for one in short)):
        ends = time.time() + FRESH
        sign_in.to_azure()
    asked = group.providers(az)
    wait.until(lambda: time.time() > ends, "the end of GitHub's token", 30)
    with pytest.raises(faults.AzureFailed, match="the sign-in to Azure has expired") as error:
        plain.run(asked)
    assert "azure.login" in error.value.next_step
    renewed = []

    def renew() -> None:
        renewed.append(job_token.fetch(job))
        sign_in.to_azure()

    session.AzSession(Local(), renew).run(asked)
    assert len(renewed) == 1


def test_an_operation_that_fails_after_half_a_minute_is_a_failure_with_its_cause(azure, late):
    begun, ended = late
    with pytest.raises(faults.AzureFailed, match="ScopeLocked"):
        ended.result(timeout=2 * LONG)
    assert time.monotonic() - begun >= LONG
    assert _state(azure, "late") == "Failed"
