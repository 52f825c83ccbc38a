"""kubectl patch: fields of an object changed in the server at once, the others left."""

import json

from aks_flow.core.command import Command, Secret, flags
from aks_flow.tools.kubectl import ANY, Kubectl

STDIN = "/dev/stdin"  # a patch is no manifest: there is no `-` for it


def secret(cluster: Kubectl, name: str, text: Secret) -> Command:
    """Apply a merge patch that holds secrets to a Secret, and print its name alone."""
    words = flags(type="merge", patch_file=STDIN, output="name")
    return cluster.command("patch", "secret", name, *words, stdin=text)


def json_patch(cluster: Kubectl, kind: str, name: str, *operations: dict) -> Command:
    """RFC 6902: nothing is changed, and the exit code is not 0, if a ``test`` among them fails."""
    words = flags(type="json", patch=json.dumps(operations))
    return cluster.command("patch", kind, name, *words, ok=ANY)


def owners(cluster: Kubectl, name: str, managed_fields: list[dict], metadata: dict) -> Command:
    """Replace the record of an object's owners, ``kind.group/name``; its metadata is what it was read with.

    Nothing is changed, and the exit code is not 0, if it was written since.
    """
    operations = [
        {"op": "replace", "path": "/metadata/managedFields", "value": managed_fields},
        {"op": "replace", "path": "/metadata/resourceVersion", "value": metadata["resourceVersion"]},
    ]
    words = flags(type="json", patch_file=STDIN, output="name")
    return cluster.command("patch", name, *words, stdin=json.dumps(operations), ok=ANY)


def merge(cluster: Kubectl, kind: str, name: str, changes: dict) -> Command:
    """RFC 7396: None removes a field. The exit code is not 0 if the server refuses it."""
    words = flags(type="merge", patch=json.dumps(changes))
    return cluster.command("patch", kind, name, *words, ok=ANY)
