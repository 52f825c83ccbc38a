"""What all previews are made of: the first environment's overlay in another namespace, and its bounds."""

import posixpath
import re

from aks_flow.adopt.content.workflows import TEMPLATES
from aks_flow.manifests.yaml_edit.fields import set_scalar

_BOUNDS = ("quota.yaml", "limits.yaml")
_BLOCK = re.compile(r"^resources:[^\S\n]*\n(?:(?P<indent> *)- .*\n)+", re.MULTILINE)
_FLOW = re.compile(r"^resources: *\[(?P<items>[^]\n]+)\]", re.MULTILINE)


def bounds(folder: str) -> dict[str, str]:
    """The files that bound a preview, by path."""
    return {posixpath.join(folder, name): (TEMPLATES / name).read_text() for name in _BOUNDS}


def overlay(text: str, namespace: str, where: str) -> str:
    """An environment's kustomization as that of all previews, with their bounds among its resources.

    If it writes those in a way of its own, its bounds are left to whoever reads the sentence of `preview.up`.
    """
    changed = set_scalar(text, "namespace", namespace, where=where)
    return _FLOW.sub(_in_flow, _BLOCK.sub(_in_block, changed, count=1), count=1)


def _in_block(match: re.Match) -> str:
    return match[0] + "".join(f"{match['indent']}- {name}\n" for name in _BOUNDS)


def _in_flow(match: re.Match) -> str:
    return f"resources: [{', '.join((match['items'], *_BOUNDS))}]"
