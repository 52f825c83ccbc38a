"""kubectl delete: objects go, those that exist."""

import json

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl, raw


def by_name(cluster: Kubectl, kind: str, *names: str) -> Command:
    """Objects of a kind; the server finishes in its own time."""
    return cluster.command("delete", kind, *names, *flags(ignore_not_found=True, wait="false"))


def objects(cluster: Kubectl, *names: str) -> Command:
    """As `by_name`, of ``kind.group/name``."""
    return cluster.command("delete", *names, *flags(ignore_not_found=True, wait="false"))


def pod(cluster: Kubectl, name: str, uid: str) -> Command:
    """The pod of this uid; for `output.refusal`, if it is gone or another has its name."""
    path = f"{raw.objects_path(cluster.namespace, 'pods', 'v1')}/{name}"
    options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
    return cluster.command("delete", *flags(raw=path, filename="-"), stdin=json.dumps(options))


def with_label(cluster: Kubectl, kinds: str, label: str) -> Command:
    """Objects of some kinds that have a label; ends when the server has no such objects."""
    return cluster.command("delete", kinds, *flags(selector=label, ignore_not_found=True))


def manifest(cluster: Kubectl, text: str, seconds: int) -> Command:
    """The objects of a manifest; ends when they are gone, and fails if that takes longer than ``seconds``."""
    words = flags(filename="-", ignore_not_found=True, timeout=f"{seconds}s")
    return cluster.command("delete", *words, stdin=text)
