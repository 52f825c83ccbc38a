"""Hosts of an environment's own: two environments of one cluster cannot both answer at the same one.

The last environment keeps the hosts that the manifests have; the others get theirs before them, as in
``dev.shop.example.com``.
"""

import re
import textwrap
from collections.abc import Iterable

import yaml

from aks_flow.manifests.hosts import hosts

_COMMENT = "# Hosts of its own: environments of one cluster cannot share them. They need names in DNS.\n"


def patches(objects: Iterable[dict], prefix: str) -> str:
    """The `patches` of an environment's kustomization, "" if no object has a host.

    prefix: what its own hosts begin with.
    """
    entries = [_patch(item, operations) for item in objects if (operations := _operations(item, prefix))]
    return f"{_COMMENT}patches:\n{''.join(entries)}" if entries else ""


def moved(text: str, before: str, after: str) -> str:
    """An environment's kustomization as another's. before: its prefix. after: the other's, "" for none."""
    own = re.compile(rf"^(\s+value: (?:'?\*\.)?){re.escape(before)}\.", re.MULTILINE)
    return own.sub(rf"\g<1>{after}." if after else r"\g<1>", text)


def _patch(item: dict, operations: list[dict]) -> str:
    """An entry of `patches`, its operations as lines that a person reads."""
    group, name = item["apiVersion"].rpartition("/")[0], item["metadata"]["name"]
    target = yaml.safe_dump({"group": group, "kind": item["kind"], "name": name}, default_flow_style=True)
    lines = yaml.safe_dump(operations, sort_keys=False, width=10**6)
    return f"  - target: {target}    patch: |\n{textwrap.indent(lines, ' ' * 6)}"


def _operations(item: dict, prefix: str) -> list[dict]:
    """What puts the prefix before each host of an object, as JSON Patch (RFC 6902)."""
    return [{"op": "replace", "path": path, "value": _own(host, prefix)} for path, host in hosts(item)]


def _own(host: str, prefix: str) -> str:
    wildcard, rest = ("*.", host[2:]) if host.startswith("*.") else ("", host)
    return f"{wildcard}{prefix}.{rest}"
