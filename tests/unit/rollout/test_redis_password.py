"""What is missing of a namespace and its Secret is made, and what is there stays as it is."""

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.rollout import redis_password
from aks_flow.tools.kubectl import Kubectl

CLUSTER = Kubectl(namespace="vote-dev")
NAMESPACE, SECRET = "namespace/vote-dev", "secret/redis-auth"


class Cluster:
    """Has some objects, and keeps what is asked of it."""

    def __init__(self, present: tuple[str, ...]):
        self._present, self.changes = present, []

    def run(self, command: Command) -> Result:
        if command.reads:
            return Result(0, "\n".join(self._present).encode(), b"")
        self.changes.append(next(word for word in command.argv if word in ("apply", "create")))
        return Result(0, b"", b"")


@pytest.mark.parametrize(
    ("present", "vault", "changes"),
    [
        ((), "", ["apply", "create"]),
        ((NAMESPACE,), "", ["create"]),
        ((NAMESPACE, SECRET), "", []),
        ((), "votes-vault", ["apply"]),
        ((NAMESPACE,), "votes-vault", []),
    ],
)
def test_what_is_missing_is_made(present, vault, changes):
    cluster = Cluster(present)
    assert redis_password.ensure(cluster, CLUSTER, vault) is ("create" in changes)
    assert cluster.changes == changes
