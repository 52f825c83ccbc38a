"""A program gets no credential of another one, whichever way it is started."""

import queue
from functools import partial

import pytest

from aks_flow.core.child_environment import child_environment
from aks_flow.core.command import Result, Secret, command
from aks_flow.core.runner import Bare, Local

OWNERS = {
    "GH_TOKEN": {"gh", "git"},
    "GITHUB_TOKEN": {"gh", "git"},
    "GH_ENTERPRISE_TOKEN": {"gh", "git"},
    "AZURE_CLIENT_SECRET": {"az", "docker", "docker-credential-acr-env", "kubectl"},
    "AZURE_CLIENT_CERTIFICATE_PASSWORD": {"az", "docker", "docker-credential-acr-env", "kubectl"},
    "ARM_CLIENT_SECRET": {"az", "docker", "docker-credential-acr-env", "kubectl"},
    "AAD_SERVICE_PRINCIPAL_CLIENT_SECRET": {"az", "docker", "docker-credential-acr-env", "kubectl"},
    "AWS_SECRET_ACCESS_KEY": {"docker", "docker-credential-acr-env", "git", "kubectl"},
    "DOCKER_AUTH_CONFIG": {"docker", "docker-credential-acr-env"},
    "DOCKER_HUB_TOKEN": {"docker", "docker-credential-acr-env"},
    "ACTIONS_RUNTIME_TOKEN": {"docker", "docker-credential-acr-env"},
    "AKSFLOW_REGISTRY_PASSWORD": set(),
    "AKSFLOW_KUBECONFIG": set(),
}
PROGRAMS = (
    *("act", "actionlint", "apt-get", "az", "docker", "docker-credential-acr-env", "gh", "git", "helm"),
    *("kubectl", "zizmor", "/opt/az/bin/az"),
)
EVERYBODY_S = ("HTTPS_PROXY", "LANG", "KUBECONFIG", "DOCKER_CONFIG", "AZURE_CONFIG_DIR", "SSH_AUTH_SOCK")


@pytest.fixture(autouse=True)
def variables(monkeypatch):
    for name in (*OWNERS, *EVERYBODY_S, "ACTIONS_ID_TOKEN_REQUEST_TOKEN"):
        monkeypatch.setenv(name, f"value of {name}")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_gets_its_own_credentials_and_no_other_s(program):
    got = child_environment(command(program, "--version"))
    assert {name for name in OWNERS if name in got} == {
        name for name, owners in OWNERS.items() if program.rpartition("/")[2] in owners
    }
    assert all(name in got for name in EVERYBODY_S)


def test_a_project_s_own_command_gets_what_a_shell_gives_it_but_not_who_the_job_is():
    got = child_environment(command("python", "-m", "pytest"))
    assert OWNERS.keys() <= got.keys() and "ACTIONS_ID_TOKEN_REQUEST_TOKEN" not in got


@pytest.fixture
def job(monkeypatch):
    """Where a job's GitHub is, as gh is told, and the token for it."""
    for name in ("GH_HOST", "GH_ENTERPRISE_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GH_TOKEN", "secret")

    def told(server: str, program: str = "gh", **more: str) -> tuple[str | None, str | None]:
        monkeypatch.setenv("GITHUB_SERVER_URL", server)
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        got = child_environment(command(program, "api"))
        return got.get("GH_HOST"), got.get("GH_ENTERPRISE_TOKEN")

    return told


@pytest.mark.parametrize("host", ["octo.ghe.com", "git.example.com"])
def test_gh_asks_the_github_that_the_job_runs_on(job, host):
    assert job(f"https://{host}") == (host, "secret")
    assert job(f"https://{host}", program="kubectl") == (None, None)
    given = {"GH_HOST": "other.example.com", "GH_ENTERPRISE_TOKEN": "own"}
    assert job(f"https://{host}", **given) == ("other.example.com", "own")


def test_gh_finds_github_com_by_itself(job):
    assert job("https://github.com") == (None, None)


def test_kubectl_collects_garbage_seldom_unless_the_user_says_how_often(monkeypatch):
    monkeypatch.delenv("GOGC", raising=False)
    assert child_environment(command("/opt/kubectl", "get", "pods"))["GOGC"] == "400"
    assert "GOGC" not in child_environment(command("act"))
    monkeypatch.setenv("GOGC", "50")
    assert child_environment(command("kubectl", "get", "pods"))["GOGC"] == "50"


def test_what_a_command_is_given_it_gets():
    given = command("kubectl").with_env(GH_TOKEN=Secret("meant"))
    assert child_environment(given)["GH_TOKEN"] == "meant"


@pytest.fixture
def kubectl(tmp_path):
    """A program of this name that says what it got."""
    file = tmp_path / "kubectl"
    file.write_text("#!/bin/sh\nenv\n")
    file.chmod(0o755)
    return command(file)


WAYS = {
    "run": lambda told, log: Local().run(told).text,
    "bare": lambda told, log: Bare().run(told).text,
    "record": lambda told, log: Local().record(told, log) or log.read_text(),
}


@pytest.mark.parametrize("runs", WAYS.values(), ids=WAYS)
def test_every_way_to_start_a_program_leaves_others_credentials_out(runs, kubectl, tmp_path):
    said = runs(kubectl, tmp_path / "log")
    assert "HTTPS_PROXY=" in said and "GH_TOKEN=" not in said


def test_a_followed_program_gets_no_credential_of_others(kubectl):
    heard = queue.SimpleQueue()
    with Local().follow(kubectl, heard.put):
        said = list(iter(partial(heard.get, timeout=30), Result(0, b"", b"")))
    assert any(line.startswith(b"HTTPS_PROXY=") for line in said)
    assert not any(line.startswith(b"GH_TOKEN=") for line in said)
