"""Faults that a commit can hold, as data: for drills, for the tests of verdicts and for the figures. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aks_flow.rollout.verdict import reasons

Edit = Callable[[str], str]  # a file's text, changed


@dataclass(frozen=True)
class Fault:
    """A container that cannot become well. reason: of the verdict. fields: of the container's spec."""

    name: str
    reason: str
    fields: Mapping[str, object]


_NOWHERE = f"sha256:{'1' * 64}"  # a digest: an image without one is refused before it gets to a cluster
_NO_KEY = {"secretKeyRef": {"name": "redis-auth", "key": "nosuch"}}

CRASH_LOOP = Fault(
    "crash-loop", reasons.CRASH_LOOP, {"command": ["sh", "-c", "echo boom: cannot start; exit 3"]}
)
NEVER_READY = Fault(
    "never-ready", reasons.NEVER_READY, {"readinessProbe": {"httpGet": {"path": "/nosuch", "port": "http"}}}
)
MISSING_KEY = Fault(
    "missing-key", reasons.CONFIG_MISSING, {"env": [{"name": "NOSUCH", "valueFrom": _NO_KEY}]}
)


def missing_image(registry: str) -> Fault:
    """A tag and a digest that the registry does not hold."""
    return Fault("missing-image", reasons.IMAGE_NOT_FOUND, {"image": f"{registry}/front:missing@{_NOWHERE}"})


def denied_image(registry: str) -> Fault:
    """An image of a registry that lets nobody in."""
    return Fault("registry-401", reasons.IMAGE_PULL_DENIED, {"image": f"{registry}/front:1@{_NOWHERE}"})


def patch(fields: Mapping[str, object], container: str = "front") -> str:
    """An entry of `patches:` that gives a container of the front end these fields, or adds the container."""
    template = {"spec": {"containers": [{"name": container, **fields}]}}
    return _patch("Deployment", "front", {"template": template})


def in_front(fault: Fault) -> Edit:
    """The fault in the front end's own container."""
    return with_patch(patch(fault.fields))


def in_helper(fault: Fault) -> Edit:
    """The fault in one more container of the front end's pods: their own images stay the delivery's."""
    return with_patch(patch(fault.fields, "helper"))


def without_redis() -> Edit:
    """Redis without a pod."""
    return with_patch(_patch("StatefulSet", "redis", {"replicas": 0}))


def titled(text: str) -> Edit:
    """A harmless change: of the page's title in front.env."""

    def edit(lines: str) -> str:
        others = [line for line in lines.splitlines(keepends=True) if not line.startswith("TITLE=")]
        return f"TITLE={text}\n{''.join(others)}"

    return edit


def with_patch(entry: str) -> Edit:
    """One more patch of a kustomization, before its own."""
    return lambda text: text.replace("patches:\n", f"patches:\n{entry}", 1)


def _patch(kind: str, name: str, spec: dict) -> str:
    """JSON is YAML, and so is its place in a list."""
    target = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
    return f"  - patch: {json.dumps(json.dumps(target))}\n"
