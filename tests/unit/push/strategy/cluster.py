"""kubectl on a cluster in memory, whose pods are ready at once; notes what is served after each change."""

import hashlib
import json
import re
from dataclasses import dataclass, field

import yaml

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push.strategy.twins import HASH, TRACK
from tests.unit import server_time

LAST = "kubectl.kubernetes.io/last-applied-configuration"
REVISION = "deployment.kubernetes.io/revision"
LONG_AGO = "2026-01-01T00:00:00Z"
PROXY = re.compile(r"/services/http:([\w-]+):http/proxy(/\w+)")


class Killed(BaseException):
    """As by `kill -9`: nothing that the flow does after it counts."""


@dataclass
class Cluster:
    """``objects``: by kind and name. ``kill_at``: the change, from 1, before which the run is killed.

    served: after each change, the images of the pods that the app's Service finds.
    """

    objects: dict[tuple[str, str], dict] = field(default_factory=dict)
    served: list[set[str]] = field(default_factory=list)
    changes: int = 0
    kill_at: int = 0
    generation: int = 0

    def run(self, command: Command) -> Result:
        if not command.reads:
            self.changes += 1
            if self.changes == self.kill_at:
                raise Killed
        words = [word for word in command.argv[1:] if not word.startswith(("--context", "--namespace"))]
        result = self._answer(words, command.stdin or "")
        if not command.reads:
            self.served.append(self.versions("front"))
        if result.code not in command.ok:
            raise CommandFailed(command, result)
        return result

    def _answer(self, words: list[str], stdin: str) -> Result:
        if words[1].startswith("--raw="):
            return self._asked(words[1].removeprefix("--raw="))
        if words[0] == "get":
            return self._shown(self._found(words, stdin))
        if words[0] == "apply":
            return self._shown([self._apply(item) for item in yaml.safe_load_all(stdin) if item])
        assert words[:2] == ["delete", "deployments.apps,services"], words
        for key in [key for key, item in self.objects.items() if TRACK in item["metadata"].get("labels", {})]:
            del self.objects[key]
        return Result(0, b"", b"")

    @staticmethod
    def _shown(items: list[dict]) -> Result:
        return Result(0, json.dumps({"kind": "List", "items": items}).encode(), b"")

    def _found(self, words: list[str], stdin: str) -> list[dict]:
        if words[1] == "--filename=-":
            manifest = [item for item in yaml.safe_load_all(stdin) if item]
            keys = [(item["kind"], item["metadata"]["name"]) for item in manifest]
            return [self.objects[key] for key in keys if key in self.objects]
        items = [*self.objects.values(), *self._made()]
        kinds = {word.partition(".")[0].rstrip("s") for word in words[1].split(",")}
        matching = [item for item in items if item["kind"].lower() in kinds]
        if f"--selector={TRACK}" in words:
            return [item for item in matching if TRACK in item["metadata"].get("labels", {})]
        return matching

    def _apply(self, item: dict) -> dict:
        key = (item["kind"], item["metadata"]["name"])
        before = self.objects.get(key, {"metadata": {}, "spec": {}})
        kept = {"replicas": 1} | {k: v for k, v in before.get("spec", {}).items() if k == "replicas"}
        self.generation += 1
        notes = {**item["metadata"].get("annotations", {}), LAST: json.dumps(item), REVISION: "1"}
        metadata = {
            **item["metadata"],
            "uid": "-".join(key),
            "generation": self.generation,
            "annotations": notes,
        }
        spec = {**(kept if item["kind"] == "Deployment" else {}), **item.get("spec", {})}
        self.objects[key] = {**item, "metadata": metadata, "spec": spec, "status": self._status(spec)}
        return self.objects[key]

    def _status(self, spec: dict) -> dict:
        counts = ("replicas", "updatedReplicas", "availableReplicas")
        return {"observedGeneration": self.generation, **dict.fromkeys(counts, spec.get("replicas", 0))}

    def deployments(self) -> list[dict]:
        return [item for (kind, _), item in self.objects.items() if kind == "Deployment"]

    def _made(self) -> list[dict]:
        """ReplicaSets and pods of the Deployments, EndpointSlices of the Services."""
        own = [made for item in self.deployments() for made in (self._replica_set(item), *self._pods(item))]
        services = [name for kind, name in self.objects if kind == "Service" and self.versions(name)]
        return own + [_slice(name) for name in services]

    @staticmethod
    def _labels(item: dict) -> dict:
        template = item["spec"]["template"]
        hash_ = hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:8]
        return {**template["metadata"]["labels"], HASH: hash_}

    def _replica_set(self, item: dict) -> dict:
        labels, template = self._labels(item), item["spec"]["template"]
        owner = [{"uid": item["metadata"]["uid"], "controller": True}]
        name = f"{item['metadata']['name']}-{labels[HASH]}"
        metadata = {"name": name, "uid": name, "labels": labels, "ownerReferences": owner}
        own = {**template, "metadata": {**template["metadata"], "labels": labels}}
        notes = {"annotations": {REVISION: "1"}}
        return {"kind": "ReplicaSet", "metadata": metadata | notes, "spec": {"template": own}, "status": {}}

    def _pods(self, item: dict) -> list[dict]:
        made = self._replica_set(item)
        owner = [{"uid": made["metadata"]["uid"], "controller": True}]
        container = item["spec"]["template"]["spec"]["containers"][0]
        state = {"running": {"startedAt": LONG_AGO}}
        container_status = {
            "name": container["name"],
            "ready": True,
            "restartCount": 0,
            "containerID": "c",
            "state": state,
        }
        ready = [{"type": "Ready", "status": "True"}]
        status = {"phase": "Running", "conditions": ready, "containerStatuses": [container_status]}
        names = [f"{made['metadata']['name']}-{number}" for number in range(item["spec"]["replicas"])]
        labels = self._labels(item)
        return [
            {
                "kind": "Pod",
                "metadata": {"name": name, "uid": name, "labels": labels, "ownerReferences": owner},
                "spec": item["spec"]["template"]["spec"],
                "status": status,
            }
            for name in names
        ]

    def versions(self, service: str) -> set[str]:
        """The images of the pods that a Service finds."""
        item = self.objects.get(("Service", service))
        if not item:
            return set()
        selector = item["spec"]["selector"].items()
        chosen = [item for item in self.deployments() if selector <= self._labels(item).items()]
        return {item["spec"]["template"]["spec"]["containers"][0]["image"] for item in chosen}

    def _asked(self, url: str) -> Result:
        if url.endswith("/version"):
            return server_time.told()
        service, path = PROXY.search(url).groups()
        images = self.versions(service)
        if not images:
            return Result(1, b"", b"no endpoints available")
        image = max(images)  # the newest that answers, as somebody who asks often enough hears it
        version = {"version": image.partition("@")[0].rpartition(":")[2], "image": image, "pod": "p"}
        text = json.dumps(version) if path == "/version" else "ok"
        return Result(0, text.encode(), b'"Response" status="200 OK"')


def _slice(service: str) -> dict:
    labels = {"kubernetes.io/service-name": service}
    endpoints = [{"addresses": ["10.0.0.1"], "conditions": {"ready": True}}]
    return {"kind": "EndpointSlice", "metadata": {"name": service, "labels": labels}, "endpoints": endpoints}
