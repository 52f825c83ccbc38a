"""A quota that a namespace has for a while."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from aks_flow.core import wait
from aks_flow.core.runner import Runner
from aks_flow.rehearsal.scenarios.drills import extra_objects
from aks_flow.tools.kubectl import Kubectl, apply, delete, get

_NAME = "drill"


@contextmanager
def in_force(run: Runner, cluster: Kubectl, **hard: int) -> Iterator[None]:
    """Inside the block, once the cluster counts what is there: before that nothing is refused."""
    run.run(apply.manifest(cluster, extra_objects.quota(_NAME, **hard)))
    try:
        wait.until(lambda: _counts(run, cluster), f"the cluster to count {', '.join(hard)}", seconds=30)
        yield
    finally:
        run.run(delete.by_name(cluster, "resourcequota", _NAME))


def _counts(run: Runner, cluster: Kubectl) -> bool:
    found = run.run(get.find(cluster, "resourcequota", _NAME))
    return bool(json.loads(found.text).get("status", {}).get("used"))
