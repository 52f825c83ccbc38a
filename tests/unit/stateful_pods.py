"""The pods of a StatefulSet whose update is held by one of an older revision."""


def pod(name: str, revision: str, ready: str, **metadata: str) -> dict:
    owner = {"uid": "s", "controller": True}
    labels = {"controller-revision-hash": revision}
    return {
        "kind": "Pod",
        "metadata": {"name": name, "uid": name, "labels": labels, "ownerReferences": [owner], **metadata},
        "spec": {"containers": []},
        "status": {"conditions": [{"type": "Ready", "status": ready}]},
    }


PODS = [
    pod("a", "good", "False"),
    pod("b", "bad", "True"),
    pod("c", "bad", "False"),
    pod("d", "bad", "False", deletionTimestamp="2026-01-01T00:00:00Z"),
]


def redis(generation: int = 1, **strategy: object) -> dict:
    return {
        "kind": "StatefulSet",
        "metadata": {"name": "redis", "uid": "s", "generation": generation},
        "spec": {"updateStrategy": strategy},
        "status": {"updateRevision": "good", "observedGeneration": 1},
    }
