"""A job's logins: from its secrets, into a folder that logout removes whole."""

import base64
import json

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.config.target import Target
from aks_flow.core.errors import AksFlowError
from aks_flow.target import job_login
from aks_flow.target.job_login import JobLogin

KUBECONFIG = "apiVersion: v1\nclusters: [{name: c}]\n"
USER = {"AKSFLOW_REGISTRY_USER": "bot", "AKSFLOW_REGISTRY_PASSWORD": "sesame"}


class Docker:
    def __init__(self):
        self.ran: list[Command] = []

    def run(self, command: Command) -> Result:
        self.ran.append(command)
        return Result(0, b"", b"")


@pytest.fixture
def job(tmp_path):
    """A function from the job's variables to its login, at a registry; docker's folder is the person's."""
    own = tmp_path / "person"
    own.mkdir()
    (own / "config.json").write_text(json.dumps({"auths": {"other.example.com": {"auth": "eA=="}}}))

    def made(registry: str = "registry.example.com/team", **environment: str) -> JobLogin:
        given = {"RUNNER_TEMP": str(tmp_path / "temp"), "DOCKER_CONFIG": str(own), **environment}
        return JobLogin(Docker(), Target(registry), job_login.home(given), given)

    return made


@pytest.mark.parametrize(
    ("registry", "environment", "user", "password"),
    [
        ("registry.example.com/team", USER, "bot", "sesame"),
        ("ghcr.io/team", {"GITHUB_TOKEN": "own", "GITHUB_ACTOR": "ann"}, "ann", "own"),
        ("ghcr.io/team", {**USER, "GITHUB_TOKEN": "own"}, "bot", "sesame"),
    ],
)
def test_docker_logs_in_by_standard_input_into_the_job_s_own_folder(
    job, registry, environment, user, password
):
    login = job(registry, **environment)
    assert login.to_registry() == registry.partition("/")[0]
    [ran] = login.run.ran
    assert f"--username={user}" in ran.argv and ran.stdin.reveal() == password
    assert ran.env["DOCKER_CONFIG"] == str(login.docker) and login.docker.stat().st_mode & 0o777 == 0o700


def test_the_logins_of_steps_before_stay(job):
    login = job(**USER)
    login.to_registry()
    kept = login.docker / "config.json"
    assert "other.example.com" in kept.read_text() and kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("environment", [{}, {"GITHUB_TOKEN": "own"}, {"AKSFLOW_REGISTRY_USER": "bot"}])
def test_without_a_password_docker_is_left_as_it_is(job, environment):
    login = job(**environment)
    assert (login.to_registry(), login.run.ran, login.folder.exists()) == ("", [], False)


def test_a_password_without_its_user_is_refused(job):
    with pytest.raises(AksFlowError, match="a password without its user. Give the registry's user too"):
        job(AKSFLOW_REGISTRY_PASSWORD="sesame").to_registry()


@pytest.mark.parametrize("text", [KUBECONFIG, base64.b64encode(KUBECONFIG.encode() * 3).decode()])
def test_the_kubeconfig_is_its_owner_s_alone(job, text):
    login = job(AKSFLOW_KUBECONFIG=text)
    assert login.to_cluster() and "clusters" in login.kubeconfig.read_text()
    assert login.kubeconfig.stat().st_mode & 0o777 == 0o600
    assert login.to_cluster()  # again


def test_without_a_kubeconfig_kubectl_is_left_as_it_is(job):
    assert job().to_cluster() is False


@pytest.mark.parametrize("text", ["sesame", "a: b", "[", "%%%", base64.b64encode(b"a: b").decode()])
def test_what_is_no_kubeconfig_is_refused_and_not_shown(job, text):
    with pytest.raises(AksFlowError, match="this is no kubeconfig.*kubectl config view --raw") as refused:
        job(AKSFLOW_KUBECONFIG=text).to_cluster()
    assert "sesame" not in str(refused.value)


def test_logout_removes_all_of_it_and_says_whether_there_was_any(job):
    login = job(**USER, AKSFLOW_KUBECONFIG=KUBECONFIG)
    login.to_registry()
    login.to_cluster()
    assert job_login.remove(login.folder) and not login.folder.exists()
    assert not job_login.remove(login.folder)


def test_outside_of_a_workflow_there_are_no_logins_of_a_job():
    with pytest.raises(AksFlowError, match="only a workflow's job has logins of its own. Log in with"):
        job_login.home({})
