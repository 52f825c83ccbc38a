"""What the cluster is asked of each environment at once: its objects, and its lock among them."""

import json

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.core.steps import Silent, Steps
from aks_flow.environments import answers
from aks_flow.push.lock import lease
from aks_flow.push.lock.lease import Holder, Lease
from aks_flow.target.delivery import DeliveryContext

LOCK = json.loads(lease.manifest(Lease("7", Holder("id", "ann", reason="looking")), "vote-dev"))
OTHER = {
    "kind": "Lease",
    "metadata": {"name": "controller", "resourceVersion": "1"},
    "spec": {"holderIdentity": "x"},
}
POD = {"kind": "Pod", "metadata": {"name": "web"}}
MAY_NOT = (
    'Error from server (Forbidden): {} is forbidden: User "ann" cannot list resource "{}" in API group ""\n'
)


class Cluster:
    """Tells what a namespace has and refuses some kinds of it; knows nothing else."""

    def __init__(self, items: list[dict], *refused: str):
        self.items, self.refused, self.asked = items, refused, 0

    def run(self, command: Command) -> Result:
        if command.argv[0] != "kubectl" or "applications.argoproj.io" in str(command):
            raise CommandFailed(command, Result(1, b"", b"not here"))
        if "get secrets" in str(command):
            if "secrets" in self.refused:
                raise CommandFailed(command, Result(1, b"", MAY_NOT.format("secrets", "secrets").encode()))
            return Result(0, json.dumps({"kind": "List", "items": []}).encode(), b"")
        return self._objects(command)

    def _objects(self, command: Command) -> Result:
        assert ",pods," in str(command) and ",leases.coordination.k8s.io" in str(command), command
        self.asked += 1
        said = "".join(MAY_NOT.format(kind, kind) for kind in self.refused if kind != "secrets")
        answer = Result(
            len(said) > 0, json.dumps({"kind": "List", "items": self.items}).encode(), said.encode()
        )
        if answer.code:
            raise CommandFailed(command, answer)
        return answer

    def tags(self, _) -> list[str]:
        return []


@pytest.mark.parametrize(
    ("items", "refused", "held"),
    [
        ([POD, OTHER, LOCK], (), "ann"),
        ([POD, OTHER], (), ""),
        ([POD], ("leases.coordination.k8s.io",), ""),
        ([POD, LOCK], ("events",), "ann"),
        ([POD], ("events", "leases.coordination.k8s.io"), ""),
    ],
)
def test_the_lock_is_told_by_the_question_for_the_objects_and_is_dispensable(config, items, refused, held):
    cluster = Cluster(items, *refused)
    said = answers.ask([DeliveryContext(cluster, cluster, config, Steps(Silent()))])["dev"]
    lock = said.push.value.drift.lock
    assert said.items == answers.Reply(items) and cluster.asked == len(config.environments)
    assert (lock.holder.who if lock else "") == held


def test_without_the_pods_there_is_no_answer(config):
    cluster = Cluster([LOCK], "pods", "leases.coordination.k8s.io")
    said = answers.ask([DeliveryContext(cluster, cluster, config, Steps(Silent()))])["dev"]
    assert said.items.value == [] and said.items.unread.startswith("the cluster: ")


def test_who_may_not_read_secrets_is_told_so_in_one_line_and_sees_the_lock(config):
    """A Reader of Azure: the history is kept in Secrets, the lock is not."""
    cluster = Cluster([POD, LOCK], "secrets")
    said = answers.ask([DeliveryContext(cluster, cluster, config, Steps(Silent()))])["dev"]
    assert said.push.unread == "the history: who asks may not read secrets"
    assert said.push.value.past.last is None and said.push.value.drift.lock.holder.who == "ann"
    assert said.items == answers.Reply([POD, LOCK])
