"""What is in a commit's way is ended: a sync of an older commit, a pod that nobody replaces."""

import json

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitops.wait import unblocking
from aks_flow.gitops.wait.lineage import BEHIND, REACHED, Lineage
from aks_flow.gitops.wait.unblocking import PATIENCE, Unblocker
from aks_flow.rollout.verdict import facts
from aks_flow.rollout.verdict.goal import GoalTarget, RolloutGoal
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.argocd import ArgoCD
from aks_flow.tools.kubectl import Kubectl
from tests.unit.gitops.objects import application
from tests.unit.stateful_pods import PODS, redis

UNTRUE = "The request is invalid: the server rejected our request due to an error in our request"
FORBIDDEN = "Error from server (Forbidden): applications.argoproj.io is forbidden"
OLD, NEW, BACK = "b" * 40, "c" * 40, "d" * 40
TERMINATE = [
    {"op": "test", "path": "/status/operationState/startedAt", "value": "2026-01-01T00:00:00Z"},
    {"op": "test", "path": "/status/operationState/phase", "value": "Running"},
    {"op": "replace", "path": "/status/operationState/phase", "value": "Terminating"},
]


class Recorder:
    """Answers every command with nothing, or refuses it with these words."""

    def __init__(self, refusal: str = ""):
        self.lines: list[str] = []
        self.refusal = refusal

    def run(self, command: Command) -> Result:
        self.lines.append(" ".join(command.argv))
        return Result(1 if self.refusal else 0, b"", self.refusal.encode())


class Looks:
    """Looks at one second after the other."""

    def __init__(self):
        self.run, self.now, self.told = Recorder(), 0.0, []
        kubectl = Kubectl(namespace="vote-dev")
        lineages = {OLD: Lineage(BEHIND), NEW: Lineage(REACHED)}
        self._unblock = Unblocker(
            self.run, kubectl, ArgoCD(kubectl), lineages.__getitem__, lambda: self.now, self.told.append
        )

    def look(self, item: dict, objects: tuple[dict, ...] = (), after: float = 0) -> None:
        self.now += after
        goal = RolloutGoal("vote-dev", tuple(GoalTarget(o["kind"], "redis") for o in objects[:1]))
        self._unblock(argocd.parse(item), NamespaceObjects(objects), facts.read(goal, objects))


def running(operation: str, phase: str = "Running") -> dict:
    return application(NEW, "OutOfSync", phase=phase, operation=operation)


def test_the_sync_of_an_older_commit_is_ended_once_it_has_lasted():
    looks = Looks()
    looks.look(running(OLD))
    looks.look(running(OLD), after=PATIENCE - 0.1)
    assert looks.run.lines == []
    looks.look(running(OLD), after=0.1)
    [line] = looks.run.lines
    assert "patch applications.argoproj.io vote-dev --type=json" in line and json.dumps(TERMINATE) in line
    looks.look(running(OLD, "Terminating"), after=PATIENCE)
    assert len(looks.run.lines) == 1 and f"ended the sync of another commit, {OLD[:12]}" in looks.told[0]


def test_a_sync_that_could_not_be_ended_is_not_said_to_be():
    """It had not begun, or ended by itself a moment before."""
    looks = Looks()
    looks.run.refusal = UNTRUE
    for _ in range(2):
        looks.look(application(NEW, "OutOfSync", asked=OLD), after=PATIENCE)
    assert len(looks.run.lines) == 1 and looks.told == []


def test_a_sync_that_may_not_be_ended_is_said_with_the_server_s_words():
    looks = Looks()
    looks.run.refusal = FORBIDDEN
    for _ in range(2):
        looks.look(running(OLD), after=PATIENCE)
    said = f"vote-dev: could not end the sync of another commit, {OLD[:12]}: {FORBIDDEN}"
    assert looks.told == [said]


@pytest.mark.parametrize("item", [running(NEW), running(OLD, "Failed"), running(OLD, "Terminating")])
def test_no_other_sync_is_ended(item):
    looks = Looks()
    for _ in range(3):
        looks.look(item, after=PATIENCE)
    assert looks.run.lines == []


def test_a_pod_that_nobody_replaces_is_deleted_once():
    looks = Looks()
    objects = (redis(), *PODS)
    for _ in range(2):
        looks.look(application(NEW), objects)
    assert [line.partition("delete ")[2] for line in looks.run.lines] == [
        "--raw=/api/v1/namespaces/vote-dev/pods/c --filename=-"
    ]


class Answering(Recorder):
    """Gives an Application, or nothing; ``refusal``: of what is to change it."""

    def __init__(self, item: dict | None, unanswered: bool = False, refusal: str = ""):
        super().__init__(refusal)
        self.item, self.unanswered = item, unanswered

    def run(self, command: Command) -> Result:
        answer = super().run(command)
        if self.unanswered:
            raise CommandFailed(command, Result(1, b"", b"The connection to the server was refused"))
        if not command.reads:
            return answer
        return Result(0, json.dumps(self.item).encode() if self.item else b"", b"")


# What the cluster answers -> what is said, and how many commands there are.
ENDS = {
    "one runs": (Answering(running(OLD)), f"dev: ended the sync of another commit, {OLD[:12]}", 2),
    "one of the commit that took it back runs": (Answering(running(BACK)), "", 1),
    "it ends by itself": (Answering(running(OLD), refusal=UNTRUE), "", 2),
    "it may not be ended": (
        Answering(running(OLD), refusal=FORBIDDEN),
        f"dev: could not end the sync of another commit, {OLD[:12]}: {FORBIDDEN}",
        2,
    ),
    "none runs": (Answering(application(NEW)), "", 1),
    "there is no Application": (Answering(None), "", 1),
    "nobody answers": (
        Answering(None, True),
        "dev: nobody answers here for Argo CD; ",
        1,
    ),
}


@pytest.mark.parametrize(("run", "said", "commands"), ENDS.values(), ids=ENDS)
def test_an_undo_ends_a_sync_that_is_not_its_own(config, run, said, commands):
    context = DeliveryContext(run, None, config, Steps(Silent()))
    text = unblocking.end_sync(context, "dev", BACK)
    assert text.startswith(said) and bool(text) is bool(said) and len(run.lines) == commands
