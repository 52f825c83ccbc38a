"""A steady load from inside the cluster on what the tests deliver: 50 requests a second, each on a connection
of its own."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.e2e.kubectl import Kubectl

PROGRAM = """
import time, urllib.request
sent = failed = 0
start = time.monotonic()
while True:
    sent += 1
    try:
        urllib.request.urlopen("http://SERVICE/version", timeout=5).read()
    except Exception as error:
        failed += 1
        print("failure", repr(error), flush=True)
    if sent % 25 == 0:
        print("sent", sent, "failed", failed, flush=True)
    time.sleep(max(0, start + sent / 50 - time.monotonic()))
"""


@dataclass
class Tally:
    """What one test's load saw."""

    sent: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Load:
    kubectl: Kubectl
    namespace: str

    @contextmanager
    def during(self) -> Iterator[Tally]:
        """Counts what is sent inside the block."""
        tally, before = Tally(), self._counts()
        yield tally
        after = self._counts()
        tally.sent, tally.failed = after[0] - before[0], after[1] - before[1]
        log = self.kubectl.ok("-n", self.namespace, "logs", "load", "--tail=200")
        tally.failures = [line for line in log.splitlines() if line.startswith("failure")]

    def _counts(self) -> tuple[int, int]:
        line = self.kubectl.until("sent", "-n", self.namespace, "logs", "load", "--tail=50")
        sent, failed = re.findall(r"sent (\d+) failed (\d+)", line)[-1]
        return int(sent), int(failed)


def start_load(kubectl: Kubectl, namespace: str, image: str, service: str) -> Load:
    program = PROGRAM.replace("SERVICE", service)
    container = {"name": "load", "image": image, "command": ["python3", "-c", program]}
    spec = {"containers": [container], "restartPolicy": "Never", "terminationGracePeriodSeconds": 0}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "load"}, "spec": spec}
    kubectl.ok("-n", namespace, "apply", "-f", "-", stdin=json.dumps(pod))
    kubectl.until("sent", "-n", namespace, "logs", "load")
    return Load(kubectl, namespace)
