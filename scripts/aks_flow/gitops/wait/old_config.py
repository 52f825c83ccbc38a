"""Generated ConfigMaps and Secrets of earlier commits: Argo CD leaves them, so that old pods can restart."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable

from aks_flow.core.runner import Runner
from aks_flow.manifests.sync_waves import NOT_PRUNED, prune_option
from aks_flow.tools.argocd import Application
from aks_flow.tools.kubectl import Kubectl, delete, get, output

KEPT = 5  # of each generated name, beside what a pod uses: as many as a Deployment keeps ReplicaSets
_HASH = re.compile(r"-[0-9a-z]{10}$")  # kustomize's, of the content
_GENERATED = ("configmap/", "secret/")


def remove(run: Runner, cluster: Kubectl, application: Application) -> list[str]:
    """Delete all but the newest; the ``kind/name`` of those that went."""
    names = [name for name in application.extra if name.startswith(_GENERATED)]
    if len(names) <= KEPT:
        return []
    old = output.objects(run.run(get.objects(cluster, names)).text)
    users = output.objects(run.run(get.all_of(cluster, "pods,replicasets.apps")).text)
    gone = surplus(old, users)
    if gone:
        run.run(delete.objects(cluster, *gone))
    return gone


def surplus(old: Iterable[dict], users: Iterable[dict]) -> list[str]:
    """Of the generated objects that no commit has any more: all but the newest of each name, and but those
    that a pod or a ReplicaSet which has pods names."""
    used = json.dumps([item["spec"] for item in users if item["spec"].get("replicas") != 0])
    by_name = defaultdict(list)
    for item in filter(_is_left, old):
        by_name[item["kind"], _HASH.sub("", item["metadata"]["name"])].append(item)
    newest_last = (sorted(items, key=_made) for items in by_name.values())
    rest = (item for items in newest_last for item in items[:-KEPT])
    return [output.object_name(item) for item in rest if f'"{item["metadata"]["name"]}"' not in used]


def _is_left(item: dict) -> bool:
    is_kept = prune_option(item["metadata"].get("annotations")) == NOT_PRUNED
    return is_kept and bool(_HASH.search(item["metadata"]["name"]))


def _made(item: dict) -> str:
    return item["metadata"]["creationTimestamp"]
