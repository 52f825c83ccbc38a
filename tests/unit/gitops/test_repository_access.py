"""The Secret by which Argo CD gets at a private repository."""

import json

import pytest

from aks_flow.core.command import Result, Secret
from aks_flow.core.errors import AksFlowError
from aks_flow.gitops import repository_access
from aks_flow.tools.kubectl import Kubectl

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
