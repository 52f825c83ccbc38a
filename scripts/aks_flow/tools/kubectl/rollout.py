"""kubectl rollout and kubectl wait: both end when something has come."""

from collections.abc import Iterable

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl


def status(cluster: Kubectl, workloads: Iterable[str], seconds: int) -> Command:
    """Ends when every one of ``kind/name`` has rolled out; fails if that takes longer than ``seconds``."""
    return cluster.command("rollout", "status", *workloads, *flags(timeout=f"{seconds}s"), reads=True)


def wait(cluster: Kubectl, condition: str, kind: str, names: Iterable[str], seconds: int) -> Command:
    """Ends when objects of a kind all have a condition; fails if that takes longer than ``seconds``."""
    words = flags(**{"for": f"condition={condition}"}, timeout=f"{seconds}s")
    return cluster.command("wait", kind, *names, *words, reads=True)
