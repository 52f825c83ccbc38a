"""Asking again while the cluster gives no answer, and giving up in the end."""

import pytest

from aks_flow.core import patience
from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.patience import Patient
from aks_flow.core.runner import CommandFailed, Follower

APPLY = Command(("kubectl", "apply"), cluster=True)
ASK = Command(("kubectl", "get"), cluster=True, reads=True, ok=(0, 1))
AWAY = Result(1, b"", b"The connection to the server 10.0.0.1:6443 was refused")
DENIED = Result(1, b"", b"Error from server (Forbidden): no")
DONE = Result(0, b"done", b"")
WEBHOOK = Result(
    1,
    b"",
    b'Error from server (InternalError): error when creating "STDIN": Internal error occurred: failed '
    b"calling webhook "
    b'"v.gatekeeper.sh": failed to call webhook: Post '
    b'"https://g.gatekeeper-system.svc:443/v1/admit?timeout=3s": '
    b'no endpoints available for service "g"',
)
COUNTED = Result(
    1, b"", b'Error from server (Forbidden): services "b" is forbidden: status unknown for quota: small'
)
WRITTEN = Result(
    1,
    b"",
    b'Error from server (Conflict): Operation cannot be fulfilled on deployments.apps "web": the object '
    b"has been "
    b"modified; please apply your changes to the latest version and try again",
)
EXPIRED = Result(1, b"", b"error: You must be logged in to the server (Unauthorized)")


class Unsure(AksFlowError):
    """Somebody who cannot say yet."""

    unanswered = True


class Server:
    """Gives its answers one after the other, the last one for ever."""

    def __init__(self, *answers: Result | AksFlowError):
        self.answers, self.asked = list(answers), 0

    def run(self, command: Command) -> Result:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, AksFlowError):
            raise answer
        if answer.code not in command.ok:
            raise CommandFailed(command, answer)
        return answer


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(patience, "PAUSE", 0)
    monkeypatch.setattr(patience, "SECONDS", 0.05)


@pytest.mark.parametrize("command", [APPLY, ASK], ids=["must work", "may fail"])
def test_what_nobody_answered_is_asked_again(command):
    server = Server(AWAY, AWAY, DONE)
    assert Patient(server).run(command) == DONE and server.asked == 3


UNDECIDED = {"a webhook": WEBHOOK, "a new quota": COUNTED, "another writer": WRITTEN, "who asks": EXPIRED}


@pytest.mark.parametrize("answer", UNDECIDED.values(), ids=UNDECIDED)
def test_what_the_server_could_not_find_out_is_asked_again(answer):
    server = Server(answer, answer, DONE)
    assert Patient(server).run(APPLY) == DONE and server.asked == 3


def test_a_webhook_that_stays_away_is_a_refusal_in_the_end_and_no_silence():
    with pytest.raises(CommandFailed, match="no endpoints") as raised:
        Patient(Server(WEBHOOK)).run(APPLY)
    assert not raised.value.unanswered


def test_whoever_cannot_say_yet_is_asked_again():
    server = Server(Unsure("whose lock it is", next_step=""), DONE)
    assert Patient(server).run(APPLY) == DONE


def test_a_refusal_is_an_answer():
    server = Server(DENIED)
    with pytest.raises(CommandFailed, match="Forbidden"):
        Patient(server).run(APPLY)
    assert server.asked == 1 and Patient(server).run(ASK) == DENIED and server.asked == 2


def test_in_the_end_the_last_failure_counts():
    server = Server(AWAY)
    with pytest.raises(CommandFailed, match="was refused"):
        Patient(server).run(APPLY)
    assert server.asked > 1 and Patient(server).run(ASK) == AWAY


def test_what_is_not_the_cluster_s_is_not_asked_again():
    server = Server(AWAY)
    with pytest.raises(CommandFailed):
        Patient(server).run(Command(("git", "fetch")))
    assert server.asked == 1


def test_it_follows_only_if_its_runner_does():
    class Following(Server):
        def follow(self, command, hear):
            return (command, hear)

    assert Patient(Following(DONE)).follow(ASK, print) == (ASK, print)
    assert not isinstance(Patient(Server(DONE)), Follower)
