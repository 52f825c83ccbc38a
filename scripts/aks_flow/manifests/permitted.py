"""What the AppProject permits of an environment's objects: Argo CD refuses the whole sync for any other."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from aks_flow.core import yaml_text
from aks_flow.core.config import Config, previews
from aks_flow.manifests import layout
from aks_flow.manifests.checks.kinds import group_of, is_of_the_cluster

_FILE = "project.yaml"  # of the Argo CD objects
_NAMESPACED, _CLUSTER = "namespaceResourceWhitelist", "clusterResourceWhitelist"


def file_of(config: Config, environment: str) -> PurePosixPath:
    """The AppProject's file for an environment, in the project: previews have one of their own."""
    name = layout.PREVIEW_PROJECT if previews.is_preview(environment) else _FILE
    return PurePosixPath(layout.applications(config), name)


def refused(project: str, objects: Iterable[dict]) -> list[dict]:
    """The objects that the AppProject does not permit, hooks included. ``project``: the file's text."""
    spec = (yaml_text.load(project, "the AppProject") or {}).get("spec") or {}
    return [item for item in objects if not _permits(spec, item)]


def entry(item: dict) -> str:
    """What to add for an object, and where."""
    key = _CLUSTER if is_of_the_cluster(item) else _NAMESPACED
    return f'`- {{group: "{group_of(item["apiVersion"])}", kind: {item["kind"]}}}` to `spec.{key}`'


def _permits(spec: dict, item: dict) -> bool:
    key = _CLUSTER if is_of_the_cluster(item) else _NAMESPACED
    if key == _NAMESPACED and key not in spec:
        return True
    return any(_names(allowed, item) for allowed in spec.get(key) or ())


def _names(allowed: dict, item: dict) -> bool:
    return (
        fnmatchcase(group_of(item["apiVersion"]), allowed["group"])
        and fnmatchcase(item["kind"], allowed["kind"])
        and fnmatchcase(item["metadata"].get("name", ""), allowed.get("name") or "*")
    )
