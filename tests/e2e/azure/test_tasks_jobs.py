"""A job signs in, and commands run in a private cluster: the tasks' code, the real az, no secret anywhere."""

from dataclasses import replace
from pathlib import Path

import pytest

from aks_flow.azure.command_invoke import CommandInvoke
from aks_flow.azure.identity import access
from aks_flow.azure.signin import job_token, session, signin
from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Local
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.standins.azure import github_tokens
from aks_flow.tools.kubectl import Kubectl, apply
from tests.e2e.azure import tasks
from tests.e2e.azure.conftest import SUBJECT


@pytest.fixture(autouse=True)
def _environment(azure, monkeypatch):
    for name, value in azure.client.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SSL_CERT_FILE", str(azure.client.certificate))


@pytest.fixture
def config(azure, estate, tmp_path):
    names = {"group": "estate", "registry": {"name": "estate01"}, "cluster": {"name": "estate"}}
    config = tasks.configured(azure, tmp_path, client=estate.client, **names)
    target = replace(config.targets["azure"], registry=azure.client.url.removeprefix("https://"))
    return replace(config, targets={**config.targets, "azure": target})


@pytest.fixture
def job(azure):
    return {
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": github_tokens.request_url(azure.client.url, SUBJECT),
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": azure.seed.request_token,
    }


class Watched:
    """Runs commands here; keeps argv, all output, and every process's arguments while they run."""

    def __init__(self):
        self.seen = ""

    def run(self, asked):
        self.seen += str(asked) + repr(asked)
        result = Local().run(asked)
        self.seen += result.error_text + _processes()
        if "--expose-token" not in asked.argv:  # that is what it is asked for
            self.seen += result.text
        return result

    follow = attach = None


def _processes() -> str:
    texts = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            texts.append(file.read_text(errors="replace"))
        except OSError:
            continue
    return "".join(texts)


def test_a_job_signs_in_everywhere_and_its_token_is_in_no_argument_and_no_output(azure, config, job):
    azure.other(config.azure_home / "cli")
    token = job_token.fetch(job)
    watched = Watched()
    from unittest import mock

    with mock.patch.object(job_token, "fetch", lambda _: token):
        sign_in(config, watched, job, ("registry",))
    assert token.reveal() not in watched.seen
    outside = [file for file in config.root.rglob("*") if file.is_file()]
    inside = [file for file in outside if file.is_relative_to(config.azure_home)]
    assert inside and not any(token.reveal() in _text(file) for file in set(outside) - set(inside))
    logins = [file for file in inside if "docker" in file.parts]
    assert logins and all(file.parent.stat().st_mode & 0o077 == 0 for file in logins)
    assert signin.sign_out(Local(), session.az(config), config.azure_home)
    assert not config.azure_home.exists()


def _text(file: Path) -> str:
    return file.read_text(errors="replace")


def sign_in(config, run, job, places) -> None:
    session_run = session.AzSession(run, variables=session.variables(config))
    whole = signin.AzureSignIn(session_run, config, session.az(config), None, job)
    whole.everywhere(Steps(Silent()), places)


def test_another_subject_is_told_which_check_to_run(azure, config, job):
    azure.other(config.azure_home / "cli")
    url = github_tokens.request_url(azure.client.url, SUBJECT.replace("owner", "Owner"))
    with pytest.raises(AksFlowError, match="trusts no job with this subject.*check-identity"):
        sign_in(config, Local(), {**job, "ACTIONS_ID_TOKEN_REQUEST_URL": url}, ())


@pytest.fixture
def inside(azure, config):
    tasks.owner(azure, config)
    return CommandInvoke(session.AzSession(Local()), session.az(config), config.azure)


def shell(line: str, **rest):
    return command("sh", "-c", line, cluster=True, **rest)


@pytest.mark.parametrize("code", [0, 1, 137])
def test_a_command_in_the_cluster_ends_with_its_own_exit_code(inside, code):
    if code:
        with pytest.raises(CommandFailed, match=f"exit code {code}"):
            inside.run(shell(f"echo why; exit {code}"))
    else:
        assert inside.run(shell("echo fine")).text == "fine\n"


def test_what_azure_fails_or_cuts_is_never_taken_for_an_answer(azure, inside):
    fails = {"at": "runCommand estate", "provisioningState": "Failed", "reason": "no room for a pod"}
    with azure.faults(fails), pytest.raises(AksFlowError, match="did not run the command: no room for a pod"):
        inside.run(shell("echo x", reads=True))
    with pytest.raises(AksFlowError, match="cut the output at 512 kB"):
        inside.run(shell("yes | head -c 600000", reads=True))


def test_a_command_that_takes_long_is_waited_for(azure, inside):
    with azure.faults({"at": "runCommand estate", "delay": 3}):
        assert inside.run(shell("echo done")).text == "done\n"


def test_a_manifest_is_attached(azure, estate, inside):
    azure.assign(access.ADMINISTER, azure.seed.owner_object, estate.cluster)
    applied = inside.run(
        apply.dry_run(Kubectl(), '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}')
    )
    assert applied.text == "namespace/x\n"
