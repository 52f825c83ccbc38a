"""A cluster that is told what to say: git runs for real, kubectl is answered from a script."""

import json
from collections.abc import Iterable
from email.utils import formatdate

from aks_flow.core.command import Command, Result
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local

Moment = tuple[dict, list[dict]]  # the Application, and its namespace's objects


REDIS = {
    "kind": "StatefulSet",
    "metadata": {"name": "redis", "uid": "redis", "generation": 1},
    "spec": {"replicas": 1, "template": {}},
    "status": {"observedGeneration": 1, "readyReplicas": 1, "updateRevision": "r", "currentRevision": "r"},
}
REDIS_POD = {
    "kind": "Pod",
    "metadata": {
        "name": "redis-0",
        "uid": "redis-0",
        "labels": {"controller-revision-hash": "r"},
        "ownerReferences": [{"uid": "redis", "controller": True}],
    },
    "spec": {"containers": []},
    "status": {"conditions": [{"type": "Ready", "status": "True"}]},
}
BESIDE = [  # what is well at every moment
    *(REDIS, REDIS_POD),
    *(
        {
            "kind": "EndpointSlice",
            "metadata": {"name": f"{name}-slice", "labels": {"kubernetes.io/service-name": name}},
            "endpoints": [{"conditions": {"ready": True}}],
        }
        for name in ("front", "redis")
    ),
]


class Scripted(Local):
    """Every look at the Application moves on to the next moment; the last one stays. It cannot follow.

    The first two are no looks: whether Argo CD is behind, and whether there is an Application at all.
    """

    follow = None

    def __init__(self, moments: Iterable[Moment], words: dict[str, str] | None = None):
        self.moments, self.words, self.at, self.asked = list(moments), words or {}, -3, []

    @property
    def now(self) -> Moment:
        return self.moments[min(max(self.at, 0), len(self.moments) - 1)]

    def run(self, command: Command) -> Result:
        if command.argv[0] != "kubectl" or "kustomize" in command.argv:
            return super().run(command)
        words = " ".join(word for word in command.argv[1:] if not word.startswith("--"))
        self.asked.append(words)
        if "--raw=/version" in command.argv:
            return Result(0, b"{}", f"    Date: {formatdate(usegmt=True)}\n".encode())
        if any("/proxy/" in word for word in command.argv):
            return Result(0, json.dumps({"version": self._serves()}).encode(), b'"Response" status="200 OK"')
        return Result(0, self._answer(words).encode(), b"")

    def _serves(self) -> str:
        """The version that the app tells: the Deployment's, unless the test has another one in mind."""
        named = (item for item in self.now[1] if item["kind"] == "Deployment")
        images = (item["spec"]["template"]["spec"]["containers"][0]["image"] for item in named)
        return self.words.get("version") or next((ImageRef.parse(image).tag for image in images), "")

    def _answer(self, words: str) -> str:
        if words.startswith("get applications.argoproj.io vote"):
            self.at = min(self.at + 1, len(self.moments) - 1)
            return json.dumps(self.now[0])
        if words == "get applications.argoproj.io":
            return json.dumps({"kind": "List", "items": [self.now[0]]})
        if words.startswith("get deployments.apps,"):
            return json.dumps({"kind": "List", "items": [*self.now[1], *BESIDE]})
        if words.startswith("annotate"):
            return ""
        if words.startswith("get service "):
            return json.dumps({"kind": "Service", "metadata": {"name": words.split()[2]}, "spec": {}})
        if words.startswith("get deployment"):
            return self.words.get(words, "")
        return self.words[words]

    @property
    def refreshes(self) -> list[str]:
        return [words for words in self.asked if words.startswith("annotate")]
