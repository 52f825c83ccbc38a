"""The objects of a namespace, found by kind, by name, by owner."""

import re
from collections.abc import Iterable
from functools import cached_property

from aks_flow.rollout.verdict.pods import ObjectEvent, claims

_CLAIM = "PersistentVolumeClaim"
UNMADE = ("ProvisioningFailed", "FailedBinding")  # what is said of a claim
_CONTAINER = re.compile(r"spec\.(?:initC|c)ontainers\{(.+)\}")  # an event's fieldPath


class NamespaceObjects:
    """Objects as the API server gives them, with their ``kind``."""

    def __init__(self, items: Iterable[dict]):
        self._by_kind: dict[str, list[dict]] = {}
        for item in items:
            self._by_kind.setdefault(item["kind"], []).append(item)

    def of(self, kind: str) -> list[dict]:
        return self._by_kind.get(kind, [])

    def named(self, kind: str, name: str) -> dict | None:
        return next((item for item in self.of(kind) if item["metadata"]["name"] == name), None)

    def owned(self, kind: str, uid: str) -> list[dict]:
        """Those of a kind that the object with this uid controls."""
        return [item for item in self.of(kind) if _controller(item) == uid]

    def events_of(self, uid: str) -> list[ObjectEvent]:
        """The events about one object, the latest last."""
        return self._events.get(uid, [])

    def events_about(self, pod: dict) -> list[ObjectEvent]:
        """The events about a pod, and about its claims whose volumes are not made: nothing else tells why."""
        of_claims = (event for name in claims(pod) for event in self.events_of(f"{_CLAIM}/{name}"))
        unmade = [event for event in of_claims if event.reason in UNMADE]
        return sorted([*self.events_of(pod["metadata"]["uid"]), *unmade], key=lambda event: event.at)

    def has_endpoint(self, service: str) -> bool:
        """Whether a Service has a ready endpoint."""
        slices = [item for item in self.of("EndpointSlice") if _serves(item, service)]
        return any(_ready(endpoint) for item in slices for endpoint in item.get("endpoints") or [])

    @cached_property
    def _events(self) -> dict[str, list[ObjectEvent]]:
        by_uid: dict[str, list[ObjectEvent]] = {}
        for item in sorted(self.of("Event"), key=_time):
            about = item["involvedObject"]
            is_claim = about.get("kind") == _CLAIM
            key = f"{_CLAIM}/{about['name']}" if is_claim else about.get("uid", "")
            by_uid.setdefault(key, []).append(_event(item))
        return by_uid


def _controller(item: dict) -> str:
    owners = item["metadata"].get("ownerReferences") or []
    return next((owner["uid"] for owner in owners if owner.get("controller")), "")


def _serves(endpoint_slice: dict, service: str) -> bool:
    return (endpoint_slice["metadata"].get("labels") or {}).get("kubernetes.io/service-name") == service


def _ready(endpoint: dict) -> bool:
    """An unknown readiness counts as ready (discovery.k8s.io/v1 EndpointConditions)."""
    return (endpoint.get("conditions") or {}).get("ready") is not False


def _time(item: dict) -> str:
    """RFC 3339 stamps in UTC sort as text; newer reporters fill eventTime only."""
    series = item.get("series") or {}
    return series.get("lastObservedTime") or item.get("lastTimestamp") or item.get("eventTime") or ""


def _event(item: dict) -> ObjectEvent:
    count = (item.get("series") or {}).get("count") or item.get("count") or 1
    container = _CONTAINER.fullmatch(item["involvedObject"].get("fieldPath", ""))
    name = container[1] if container else ""
    return ObjectEvent(item.get("reason", ""), item.get("message", ""), count, name, _time(item))
