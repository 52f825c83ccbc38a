"""kubectl rollout."""

from collections.abc import Iterable

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl


def status(cluster: Kubectl, workloads: Iterable[str], seconds: int) -> Command:
    """Ends when every one of ``kind/name`` has rolled out; fails if that takes longer than ``seconds``."""
    return cluster.command("rollout", "status", *workloads, *flags(timeout=f"{seconds}s"), reads=True)
