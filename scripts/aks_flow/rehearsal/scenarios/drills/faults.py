"""Faults that a commit can hold, as data: for drills, for the tests of verdicts and for the figures. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import yaml

from aks_flow.rollout.verdict import reasons

Edit = Callable[[str], str]  # a file's text, changed


@dataclass(frozen=True)
class Fault:
    """A container that cannot become well. reason: of the verdict. fields: of the container's spec."""

    name: str
    reason: str
    fields: Mapping[str, object]


@dataclass(frozen=True)
class FaultyContainer:
    """Where a fault is made: a container of a workload's pods, which gets it if it has none of this name."""

    kind: str
    workload: str
    container: str


_NOWHERE = f"sha256:{'1' * 64}"  # a digest: an image without one is refused before it gets to a cluster
_NO_KEY = {"secretKeyRef": {"name": "no-such-secret", "key": "password"}}
_HELPER = "helper"

CRASH_LOOP = Fault(
    "crash-loop", reasons.CRASH_LOOP, {"command": ["sh", "-c", "echo boom: cannot start; exit 3"]}
)
# Nobody listens on port 1.
NEVER_READY = Fault("never-ready", reasons.NEVER_READY, {"readinessProbe": {"tcpSocket": {"port": 1}}})
# Ready all the same: the kubelet starts it again and again.
LIVENESS_LOOP = Fault(
    "liveness-loop",
    reasons.CRASH_LOOP,
    {"livenessProbe": {"tcpSocket": {"port": 1}, "periodSeconds": 1, "failureThreshold": 3}},
)
MISSING_SECRET = Fault(
    "missing-secret", reasons.CONFIG_MISSING, {"env": [{"name": "NOSUCH", "valueFrom": _NO_KEY}]}
)
# More than any node has.
NO_ROOM = Fault("no-room", reasons.UNSCHEDULABLE, {"resources": {"requests": {"cpu": "1000"}}})


def missing_image(registry: str) -> Fault:
    """A tag and a digest that the registry does not hold."""
    return Fault(
        "missing-image", reasons.IMAGE_NOT_FOUND, {"image": f"{registry}/no-such-image:1@{_NOWHERE}"}
    )


def denied_image(registry: str) -> Fault:
    """An image of a registry that lets nobody in."""
    return Fault(
        "registry-401", reasons.IMAGE_PULL_DENIED, {"image": f"{registry}/no-such-image:1@{_NOWHERE}"}
    )


def unchanged(text: str) -> str:
    """An overlay as it is: what is changed is beside it."""
    return text


def in_container(place: FaultyContainer, fault: Fault) -> Edit:
    """The fault in the container itself."""
    fields = {name: _whole(value) for name, value in fault.fields.items()}
    template = {"spec": {"containers": [{"name": place.container, **fields}]}}
    return with_patch(place.kind, place.workload, {"template": template})


def _whole(value: object) -> object:
    """A value that replaces what the container has there: of a probe's kinds only one may be left."""
    return {"$patch": "replace", **value} if isinstance(value, Mapping) else value


def in_helper(place: FaultyContainer, fault: Fault) -> Edit:
    """The fault in one more container of the same pods: their own images stay the delivery's."""
    return in_container(FaultyContainer(place.kind, place.workload, _HELPER), fault)


def without_pods(stateful_set: str) -> Edit:
    return with_patch("StatefulSet", stateful_set, {"replicas": 0})


def with_patch(kind: str, name: str, spec: Mapping[str, object]) -> Edit:
    """One more patch of a kustomization, behind its own; the text is written anew."""
    patched = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
    return _with_entries("patches", {"patch": json.dumps(patched)})


def with_config_maps(*names: str) -> Edit:
    """More ConfigMaps of a kustomization, under these very names."""
    options = {"disableNameSuffixHash": True}
    maps = [{"name": name, "literals": ["made=by-a-drill"], "options": options} for name in names]
    return _with_entries("configMapGenerator", *maps)


def with_secret(text: str) -> str:
    """One more generated Secret, which no project permits in the branch."""
    return _with_entries("secretGenerator", {"name": "drill", "literals": ["key=value"]})(text)


def with_resources(*files: str) -> Edit:
    """More files of a kustomization."""
    return _with_entries("resources", *files)


def _with_entries(key: str, *entries: object) -> Edit:
    """More entries of one of a kustomization's lists; the text is written anew, if there are any."""

    def edit(text: str) -> str:
        kustomization = yaml.safe_load(text)
        listed = [*(kustomization.get(key) or []), *entries]
        return yaml.safe_dump({**kustomization, key: listed}, sort_keys=False) if entries else text

    return edit
