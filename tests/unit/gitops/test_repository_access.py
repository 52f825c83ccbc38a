"""The Secret by which Argo CD gets at a private repository."""

import json

import pytest

from aks_flow.core.command import Result, Secret
from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitops import repository_access
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.argocd import ArgoCD
from aks_flow.tools.kubectl import Kubectl
from tests.unit.planned import Planned

SSH, WEB = "git@example.com:shop.git", "https://example.com/shop.git"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----"


class Recorder:
    def __init__(self):
        self.commands = []

    def run(self, command):
        self.commands.append(command)
        return Result(0, b"", b"")


def given(url: str, credentials: str) -> dict:
    run = Recorder()
    repository_access.give(run, Kubectl(namespace="argocd"), url, credentials)
    [command] = run.commands
    assert "--server-side" in command.argv and isinstance(command.stdin, Secret)
    return json.loads(command.stdin.reveal())


@pytest.mark.parametrize(
    ("url", "credentials", "fields"),
    [
        (SSH, f"{KEY}\n", {"sshPrivateKey": f"{KEY}\n"}),
        (WEB, "token\n", {"username": "git", "password": "token"}),
    ],
)
def test_a_key_or_a_token_becomes_the_secret_that_argo_cd_looks_for(url, credentials, fields):
    secret = given(url, credentials)
    assert secret["stringData"] == {"type": "git", "url": url, **fields}
    assert secret["metadata"]["labels"] == {"argocd.argoproj.io/secret-type": "repository"}
    assert secret["metadata"]["namespace"] == "argocd"


@pytest.mark.parametrize(
    ("url", "credentials", "says"),
    [
        (WEB, " \n", "no deploy key or token on standard input"),
        (WEB, KEY, "a deploy key does not go with an address of the web"),
        (SSH, "hunter2", "a token does not go with an SSH address"),
    ],
)
def test_what_does_not_go_with_the_address_is_refused(url, credentials, says):
    with pytest.raises(AksFlowError, match=says) as refused:
        given(url, credentials)
    assert not credentials.strip() or credentials not in str(refused.value)


ARGOCD = ArgoCD(Kubectl(context="rehearsal", namespace="argocd"))
REFRESH, READ = str(ARGOCD.refresh("vote-dev")), str(ARGOCD.application("vote-dev"))
UNREADABLE = "rpc error: code = Unknown desc = failed to list refs: authentication required: Unauthorized"
NO_FOLDER = "rpc error: code = Unknown desc = dev: app path does not exist"


def told(settings, tmp_path, message: str = "", asked: bool = False) -> str:
    """What a check says, where Argo CD has this to say of the Application."""
    annotations = {"argocd.argoproj.io/refresh": "normal"} if asked else {}
    conditions = [{"type": "ComparisonError", "message": message}] if message else []
    item = {"kind": "Application", "metadata": {"name": "vote-dev", "annotations": annotations}}
    run = Planned({REFRESH: "", READ: json.dumps(item | {"spec": {}, "status": {"conditions": conditions}})})
    context = DeliveryContext(run, None, load(settings, tmp_path), Steps(Silent()))
    said = repository_access.check(context, "dev")
    assert str(run.ran[0]) == REFRESH
    return said


@pytest.mark.parametrize("message", ["", NO_FOLDER])
def test_a_repository_that_argo_cd_reads_needs_no_word(settings, tmp_path, message):
    assert told(settings, tmp_path, message) == ""


def test_one_that_it_may_not_read_is_said_with_its_words_and_what_to_do(settings, tmp_path):
    what = (
        "Argo CD cannot read gitops of its repository: .*authentication required.*argocd.apply --credentials"
    )
    with pytest.raises(AksFlowError, match=f"(?s){what}"):
        told(settings, tmp_path, UNREADABLE)


def test_where_argo_cd_does_not_look_that_is_said(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(repository_access, "_SECONDS", 0)
    assert "whether it may read the branch is not known" in told(settings, tmp_path, asked=True)
