"""Kubernetes events: what happened to an object, for ``kubectl get events`` and ``describe``."""

import logging
import time
from datetime import datetime, timedelta

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

log = logging.getLogger(__name__)

_MANAGERS = {"kubelet": "kubelet", "default-scheduler": "kube-scheduler"}
TIME_TO_LIVE = timedelta(hours=1)
# As client-go combines them: tools/record/events_cache.go.
_MOST_SIMILAR, _SIMILAR_FOR = 10, timedelta(minutes=10)
_AT_ONCE, _ONE_MORE_EVERY = 25, timedelta(minutes=5)  # of one component about one object; the rest is dropped
_SWEEP_EVERY = timedelta(minutes=1)


class Recorder:
    """Writes events; what repeats raises the count of the first one. Never raises."""

    def __init__(self, objects: Objects, clock: times.Clock = times.now):
        self._objects, self._clock = objects, clock
        self._names: dict[tuple, str] = {}
        self._similar: dict[tuple, dict[str, datetime]] = {}
        self._left: dict[tuple, tuple[float, datetime]] = {}
        self._swept = clock()

    def event(
        self, obj: dict, type: str, reason: str, message: str, component: str, field_path: str = ""
    ) -> None:
        """type: Normal or Warning. field_path: such as ``spec.containers{web}``."""
        try:
            self._sweep()
            source = {"component": component} | _host(obj, component)
            self._record(_involved(obj, field_path), type, reason, message, source)
        except StatusError as error:
            log.debug("event %s of %s dropped: %s", reason, obj["metadata"]["name"], error)
        except Exception:
            log.exception("event %s of %s dropped", reason, obj["metadata"].get("name"))

    def _record(self, involved: dict, type: str, reason: str, message: str, source: dict) -> None:
        if self._is_spam((source["component"], involved["uid"])):
            return
        namespace = involved.get("namespace") or "default"
        alike = (involved["uid"], involved.get("fieldPath"), type, reason, source["component"])
        if self._is_one_of_many(alike, message):
            key, message = alike, f"(combined from similar events): {message}"
        else:
            key = (*alike, message)
        name = self._names.get(key)
        objects = self._objects.acting_as(_MANAGERS.get(source["component"], "kube-controller-manager"))
        if name and objects.find(kinds.EVENT, namespace, name):
            objects.modify(kinds.EVENT, namespace, name, lambda event: self._repeat(event, message))
            return
        self._names[key] = name = f"{involved['name']}.{time.time_ns():016x}"
        moment = times.stamp(self._clock())
        objects.create(
            kinds.EVENT,
            {
                "metadata": {"name": name, "namespace": namespace},
                "involvedObject": involved,
                "type": type,
                "reason": reason,
                "message": message,
                "source": source,
                "reportingComponent": source["component"],
                "reportingInstance": source.get("host", ""),
                "count": 1,
                "firstTimestamp": moment,
                "lastTimestamp": moment,
                "eventTime": None,
            }
            | ({"action": "Binding"} if source["component"] == "default-scheduler" else {}),
        )

    def _is_spam(self, key: tuple) -> bool:
        """Whether a component has said so much about an object that this is dropped; counts it if not."""
        moment = self._clock()
        left, last = self._left.get(key, (_AT_ONCE, moment))
        left = min(left + (moment - last) / _ONE_MORE_EVERY, _AT_ONCE)
        self._left[key] = (left - 1 if left >= 1 else left, moment)
        return left < 1

    def _is_one_of_many(self, alike: tuple, message: str) -> bool:
        """Whether so many events lately differ in their message alone that they become one."""
        moment, seen = self._clock(), self._similar.setdefault(alike, {})
        for text in [text for text, last in seen.items() if moment - last > _SIMILAR_FOR]:
            del seen[text]
        seen[message] = moment
        return len(seen) >= _MOST_SIMILAR

    def _repeat(self, event: dict, message: str) -> None:
        event["count"] += 1
        event["message"] = message
        event["lastTimestamp"] = times.stamp(self._clock())

    def _sweep(self) -> None:
        """Remove events older than their time to live, once in a while."""
        moment = self._clock()
        if moment - self._swept < _SWEEP_EVERY:
            return
        self._swept = moment
        for event in self._objects.list(kinds.EVENT):
            if moment - _last_seen(event) > TIME_TO_LIVE:
                metadata = event["metadata"]
                self._objects.delete(kinds.EVENT, metadata["namespace"], metadata["name"])
        present = {event["metadata"]["name"] for event in self._objects.list(kinds.EVENT)}
        self._similar = {
            key: seen for key, seen in self._similar.items() if moment - max(seen.values()) < _SIMILAR_FOR
        }
        self._left = {
            key: (left, last)
            for key, (left, last) in self._left.items()
            if moment - last < _AT_ONCE * _ONE_MORE_EVERY
        }
        self._names = {key: name for key, name in self._names.items() if name in present}


def _last_seen(event: dict) -> datetime:
    return times.parse(event.get("lastTimestamp") or event["metadata"]["creationTimestamp"])


def _host(obj: dict, component: str) -> dict:
    """A kubelet reports for the node that it runs on."""
    if component != "kubelet":
        return {}
    return {"host": obj.get("spec", {}).get("nodeName") or obj["metadata"]["name"]}


def _involved(obj: dict, field_path: str) -> dict:
    metadata = obj["metadata"]
    reference = {
        "kind": obj["kind"],
        "namespace": metadata.get("namespace"),
        "name": metadata["name"],
        "uid": metadata["uid"],
        "apiVersion": obj["apiVersion"],
        "resourceVersion": metadata.get("resourceVersion"),
        "fieldPath": field_path,
    }
    return {key: value for key, value in reference.items() if value}
