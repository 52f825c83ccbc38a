"""`login` and `logout`: what later steps of a job find."""

import json
import re

import pytest

from aks_flow.cli import login
from aks_flow.core.errors import AksFlowError
from aks_flow.target.job_login import JobLogin
from tests.task_context import GivenTask
from tests.unit.conftest import ROOT

VARIABLE = re.compile(r"^(\w+)<<(end-\w+)\n(.*?)\n\2$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def job(monkeypatch, tmp_path):
    """A workflow's job; gives what the steps after it find in their environment."""
    handed_on = tmp_path / "env"
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "AKSFLOW_VARIABLES", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    values = {"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_ENV": str(handed_on)}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(JobLogin, "to_registry", lambda own: own.target.registry_host)
    monkeypatch.setattr(JobLogin, "to_cluster", lambda own: True)

    def found() -> dict[str, str]:
        return {name: value for name, _, value in VARIABLE.findall(handed_on.read_text())}

    return found


@pytest.fixture
def task(settings):
    settings["target"] = "cluster"
    settings["targets"]["cluster"]["registry"] = "ghcr.io/team"
    return GivenTask(ROOT, settings)


def test_the_steps_after_it_find_logins_and_settings(job, task, monkeypatch, tmp_path):
    variables = {"INVOKE_TARGETS_CLUSTER_CONTEXT": "a\nINVOKE_TARGET<<x", "INVOKE_DEADLINE": ""}
    monkeypatch.setenv("AKSFLOW_VARIABLES", json.dumps(variables))
    login.login_task(task, "", None)
    assert job() == {
        "INVOKE_TARGETS_CLUSTER_CONTEXT": "a\nINVOKE_TARGET<<x",
        "INVOKE_TARGET": "cluster",
        "DOCKER_CONFIG": str(tmp_path / "temp/aks-flow/docker"),
        "INVOKE_TARGETS_CLUSTER_KUBECONFIG": str(tmp_path / "temp/aks-flow/kubeconfig"),
    }


@pytest.mark.parametrize(
    ("only", "name"), [("registry", "DOCKER_CONFIG"), ("cluster", "INVOKE_TARGETS_CLUSTER_KUBECONFIG")]
)
def test_one_of_the_two_can_be_asked_for(job, task, only, name):
    login.login_task(task, only, None)
    assert job().keys() == {"INVOKE_TARGET", name}


def test_another_place_is_refused(job, task):
    with pytest.raises(
        AksFlowError, match="there is no 'cloud' to log in to. Choose one of: registry, cluster"
    ):
        login.login_task(task, "cloud", None)


def test_a_person_s_logins_are_left_alone(task, monkeypatch, capsys):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    login.login_task(task, "", None)
    assert "nothing to do: cluster takes docker's and kubectl's own logins" in capsys.readouterr().out


def test_logout_removes_what_a_login_left(job, task, tmp_path, capsys):
    (tmp_path / "temp/aks-flow/docker").mkdir(parents=True)
    login.logout_task(task)
    assert not (tmp_path / "temp/aks-flow").exists() and "logins are gone" in capsys.readouterr().out
