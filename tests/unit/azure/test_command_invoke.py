"""Commands in the cluster by `az aks command invoke`: judged by the command, or it is said why not."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from aks_flow.azure.command_invoke import LIMIT, CommandInvoke
from aks_flow.core.command import Command, Result, command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.tools.az import Az
from aks_flow.tools.kubectl import Kubectl, apply, diff

ID = "0123456789abcdef0123456789abcdef"
STARTED = f"command id: {ID}, started at: None, status: Pending\nPlease use command …\n"
READ = command("kubectl", "get", "pods", reads=True, cluster=True)
CHANGE = command("kubectl", "delete", "pod", "x", cluster=True)


def answer(state: str = "Succeeded", **fields) -> str:
    return json.dumps({"id": ID, "provisioningState": state, "logs": "", "reason": None, **fields})


class Cluster:
    """az's answers, one after another; it keeps what was attached, as az would have sent it."""

    def __init__(self, *results: str):
        self.results, self.ran, self.sent, self.modes = list(results), [], {}, []

    def run(self, asked: Command) -> Result:
        self.ran.append(asked)
        if "invoke" in asked.argv:
            for word in asked.argv:
                if word.startswith("--file="):
                    file = Path(word.removeprefix("--file="))
                    self.sent[file.name] = file.read_bytes()
                    self.modes.append(os.stat(file.parent).st_mode & 0o777)
            return Result(0, STARTED.encode(), b"")
        return Result(0, self.results.pop(0).encode(), b"")


def line_of(command: Command) -> str:
    """The command line that runs in the cluster."""
    [word] = [word for word in command.argv if word.startswith("--command=")]
    return word.removeprefix("--command=")


def inside(azure: Cluster, config, tmp_path) -> CommandInvoke:
    return CommandInvoke(azure, Az(tmp_path / "home" / "cli", "sub"), config.azure)


@pytest.mark.parametrize("code", [1, 137])
def test_the_command_s_own_exit_code_counts_though_az_ends_well(config, tmp_path, code):
    azure = Cluster(answer(exitCode=code, logs="Error from server: no"))
    with pytest.raises(CommandFailed, match=f"exit code {code}:\n    Error from server: no"):
        inside(azure, config, tmp_path).run(CHANGE)


def test_a_code_that_the_command_allows_is_an_answer(config, tmp_path):
    azure = Cluster(answer(exitCode=1, logs="-a\n+b\n"))
    result = inside(azure, config, tmp_path).run(diff.manifest(Kubectl(), "kind: X"))
    assert (result.code, result.text) == (1, "-a\n+b\n")


def test_a_code_that_the_command_allows_still_has_its_reason(config, tmp_path):
    """The lock asks for it: a namespace that is not there is made."""
    azure = Cluster(answer(exitCode=1, logs='Error from server (NotFound): namespaces "x" not found'))
    result = inside(azure, config, tmp_path).run(command("kubectl", "create", ok=(0, 1), cluster=True))
    assert "NotFound" in result.error_text


@pytest.mark.parametrize("code", [0, 3])
def test_the_two_outputs_come_apart_again(config, tmp_path, code):
    asked = command("sh", "-c", f"printf out; echo why >&2; exit {code}", cluster=True, ok=(0, 3))
    first = Cluster(answer(exitCode=0))
    inside(first, config, tmp_path).run(asked)
    done = subprocess.run(["sh", "-c", line_of(first.ran[0])], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, "")
    result = inside(Cluster(answer(exitCode=code, logs=done.stdout)), config, tmp_path).run(asked)
    assert (result.code, result.stdout, result.stderr) == (code, b"out", b"why\n")


def test_success_gives_the_output(config, tmp_path):
    azure = Cluster(answer(exitCode=0, logs="pod/x\n"))
    assert inside(azure, config, tmp_path).run(READ) == Result(0, b"pod/x\n", b"")
    assert azure.ran[0].argv[:4] == ("az", "aks", "command", "invoke")
    assert "kubectl get pods 2>" in line_of(azure.ran[0])


def test_the_state_failed_is_said_with_azure_s_reason(config, tmp_path):
    azure = Cluster(answer("Failed", reason="pod was evicted"))
    with pytest.raises(AksFlowError, match="the cluster did not run the command: pod was evicted"):
        inside(azure, config, tmp_path).run(READ)


def test_output_that_azure_cut_is_never_taken_for_an_answer(config, tmp_path):
    azure = Cluster(answer(exitCode=0, logs="x" * LIMIT))
    with pytest.raises(AksFlowError, match="Azure cut the output at 512 kB.*jump host"):
        inside(azure, config, tmp_path).run(READ)


def test_a_change_is_no_failure_for_what_it_printed(config, tmp_path):
    azure = Cluster(answer(exitCode=0, logs="x" * LIMIT))
    assert inside(azure, config, tmp_path).run(CHANGE).code == 0


def test_a_command_may_take_longer_than_az_waits(config, tmp_path, monkeypatch):
    monkeypatch.setattr("aks_flow.azure.command_invoke.PAUSE", 0)
    running = f"command id: {ID}, started at: 2026-01-01, status: Running\n"
    azure = Cluster(*[running] * 400, answer(exitCode=0, logs="done\n"))
    assert inside(azure, config, tmp_path).run(READ).text == "done\n"


def test_a_command_that_ends_between_the_two_questions_of_az_is_asked_for_again(
    config, tmp_path, monkeypatch
):
    monkeypatch.setattr("aks_flow.azure.command_invoke.PAUSE", 0)
    between = f"command id: {ID}, started at: 2026-01-01, status: Failed\nPlease use command …\n"
    azure = Cluster(between, answer(exitCode=0, logs="done\n"))
    assert inside(azure, config, tmp_path).run(READ).text == "done\n"


def test_a_manifest_travels_as_a_file_beside_the_command_and_goes_again(config, tmp_path):
    azure = Cluster(answer(exitCode=0))
    inside(azure, config, tmp_path).run(apply.manifest(Kubectl("", "", "vote-dev"), "kind: Secret # sesame"))
    line = line_of(azure.ran[0])
    assert "; kubectl --namespace=vote-dev apply --filename=manifest.yaml 2>" in line
    assert azure.sent == {"manifest.yaml": b"kind: Secret # sesame"} and azure.modes == [0o700]
    assert not any("sesame" in word for ran in azure.ran for word in ran.argv)
    assert list((tmp_path / "home").iterdir()) == []


def test_words_reach_the_cluster_s_shell_as_words(config, tmp_path):
    azure = Cluster(answer(exitCode=0))
    inside(azure, config, tmp_path).run(
        command("kubectl", "annotate", "x", "why=it's $HOME; rm", cluster=True)
    )
    assert "; kubectl annotate x 'why=it'\"'\"'s $HOME; rm' 2>" in line_of(azure.ran[0])
