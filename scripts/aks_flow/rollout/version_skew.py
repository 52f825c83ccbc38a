"""Kubernetes supports a kubectl within a minor version of the server: a delivery tells of a wider gap, once.

https://kubernetes.io/releases/version-skew-policy/
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aks_flow.core.command import Result
from aks_flow.core.reading import UNREADABLE
from aks_flow.core.runner import Follower, Runner
from aks_flow.tools.kubectl import Kubectl, version

_MINOR = re.compile(r"v?(\d+)\.(\d+)")  # of v1.36.2-gke.100


@contextmanager
def announced(run: Runner, cluster: Kubectl, tell: Callable[[str], None]) -> Iterator[None]:
    """Ask for both versions while the block runs, which mostly waits; ``tell`` hears of a gap, once.

    Only where something can run beside: `az aks command invoke` brings the cluster's own kubectl.
    """
    if not isinstance(run, Follower):
        yield
        return
    output: list[bytes | Result] = []
    try:
        with run.follow(version.as_json(cluster), output.append):
            yield
    finally:
        if text := gap(b"".join(line for line in output if isinstance(line, bytes))):
            tell(text)


def gap(versions: bytes) -> str:
    """What `kubectl version --output=json` prints -> a sentence; "" if all is well or there is no answer."""
    try:
        answer = json.loads(versions)
        client, server = (answer[f"{side}Version"]["gitVersion"] for side in ("client", "server"))
        ours, theirs = (_MINOR.match(side).groups() for side in (client, server))
    except UNREADABLE:
        return ""
    if ours[0] == theirs[0] and abs(int(ours[1]) - int(theirs[1])) <= 1:
        return ""
    return (
        f"kubectl {client} and the cluster, {server}, are more than a minor version apart: docs/programs.md"
    )
