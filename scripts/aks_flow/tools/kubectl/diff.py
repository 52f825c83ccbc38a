"""kubectl diff: what an apply would change."""

import re

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl
from aks_flow.tools.kubectl.apply import BY_SERVER, DELIVERED

DIFFERENT = 1  # the exit code if there are differences
_AT_ONCE = flags(concurrency=16)  # objects: each is a question to the server
_HEADER = re.compile(r"^diff -u -N \S*/(?P<file>\S+) \S*/(?P=file)$", re.MULTILINE)


def manifest(cluster: Kubectl, text: str) -> Command:
    """What `apply.delivered` would change, as a diff."""
    return _diff(cluster, text, DELIVERED)


def manifest_server_side(cluster: Kubectl, text: str) -> Command:
    """What `apply.manifest_server_side` would change, as a diff."""
    return _diff(cluster, text, BY_SERVER)


def _diff(cluster: Kubectl, text: str, how: tuple[str, ...]) -> Command:
    words = (*how, *_AT_ONCE, *flags(filename="-"))
    return cluster.command("diff", *words, stdin=text, reads=True, ok=(0, DIFFERENT), litters=True)


def files(text: str) -> set[str] | None:
    """Of a diff the files, one for each object that differs, as `file` calls them.

    None if another program than kubectl's own choice wrote it (KUBECTL_EXTERNAL_DIFF).
    """
    found = {match["file"] for match in _HEADER.finditer(text)}
    return found if found or not text.strip() else None


def file(item: dict) -> str:
    """What kubectl calls an object's file in a diff: ``apps.v1.Deployment.NAMESPACE.NAME``.

    https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/diff/diff.go (InfoObject.Name)
    """
    metadata, version = item["metadata"], item["apiVersion"].replace("/", ".")
    return f"{version}.{item['kind']}.{metadata.get('namespace', '')}.{metadata['name']}"
