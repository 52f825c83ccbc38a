"""What a platform engineer types, and what a standard cluster answers: commands.txt, group by group."""

import os
import re
from pathlib import Path

import pytest

from aks_flow.core import wait
from tests.e2e.commands import transcript
from tests.e2e.commands.transcript import Command
from tests.e2e.conftest import KUBECONFIG, Cluster
from tests.e2e.demo import Demo
from tests.e2e.kubectl import Answer, Kubectl

TEXT = Path(__file__).with_name("commands.txt").read_text()
# What the rehearsal says of itself, and no other cluster does.
ANNOUNCEMENT = re.compile(r"^Warning: this rehearsal cluster (?:stores|serves) .*\n", re.M)
# What kubectl logs now and then, at any cluster, of a watch that it has ended itself:
# https://github.com/werf/kubedog/issues/364
OWN_END = re.compile(r"^[IWE]\d{4} .* reflector\.go:\d+\] .*context canceled.*\n", re.M)
OWN_END_LOGGED = (
    'I1130 05:31:01.279099  374131 reflector.go:664] "Warning: watch ended with error" err="an error on the '
    'server (\\"unable to decode an event from the watch stream: context canceled\\")"\n'
)


@pytest.mark.parametrize("group", transcript.parse(TEXT))
def test_kubectl_is_answered_as_by_a_standard_cluster(
    group: str, cluster: Cluster, demo: Demo, namespace: str
):
    names = {"NAMESPACE": namespace, "IMAGE": demo["v1"], "MISSING": demo["missing"]}
    text = re.sub("|".join(names), lambda word: names[word[0]], TEXT)
    commands = transcript.parse(text)[group]
    found = [fault for command in commands for fault in faults(cluster.kubectl, namespace, command)]
    assert not found, "\n\n".join(found)


def faults(kubectl: Kubectl, namespace: str, command: Command) -> list[str]:
    """What is wrong with a command's last answer."""
    last = [Answer(0, "", ""), ["never run"]]

    def good() -> bool:
        last[0] = answer_of(kubectl, namespace, command)
        last[1] = command.faults(last[0])
        return not last[1]

    try:
        wait.until(good, command.text, command.within, pause=0.2)
    except wait.DeadlineError:
        answer = last[0]
        return [f"$ {command.text}: {'; '.join(last[1])}\n{answer.stdout}{answer.stderr}[{answer.exit}]"]
    return []


def answer_of(kubectl: Kubectl, namespace: str, command: Command) -> Answer:
    words = ["--namespace", namespace, *command.arguments]
    answer = kubectl(*words, stdin="\n".join(command.stdin), **command.environment)
    answer = answer._replace(stderr=OWN_END.sub("", answer.stderr))
    return answer if os.environ.get(KUBECONFIG) else without_announcements(answer)


def without_announcements(answer: Answer) -> Answer:
    return answer._replace(stderr=ANNOUNCEMENT.sub("", answer.stderr))


def test_a_transcript_tells_answers_apart():
    (commands,) = transcript.parse(
        "# g\n$ A=1 kubectl get x   # within 5 s\n< in\n  a\n  ~ b\n  [3]\n"
    ).values()
    (command,) = commands
    assert (command.environment, command.arguments, command.within) == ({"A": "1"}, ["get", "x"], 5)
    assert (command.stdin, command.lines, command.shows, command.exit) == (["in"], ["a"], ["b"], 3)
    assert command.faults(Answer(0, "c\n", "")) == ["exit code 0, not 3", "another answer", "nothing like b"]


def test_what_kubectl_logs_of_its_own_end_is_no_answer():
    assert OWN_END.sub("", f"{OWN_END_LOGGED}Error from server: no\n") == "Error from server: no\n"
