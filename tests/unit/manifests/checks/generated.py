"""Objects drawn from the schema of the built-in kinds, and custom ones from the names that the rules read.

Fields are absent, null, right and now and then of another type; names come from a few, so that they meet.
"""

import random

from aks_flow.manifests.checks.kinds import CUSTOM
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import BUILTIN, CREATE_ONLY
from aks_flow.rehearsal.standins.kubernetes.schema import models
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField

DEEPEST = 12
LARGEST = 1000  # values of one object; some schemas hold themselves
KINDS = [kind for kind in BUILTIN if kind not in CREATE_ONLY]
# The kinds that most rules are about are drawn more often.
FAVOURITES = [
    kind
    for kind in KINDS
    if kind.group in ("apps", "autoscaling", "batch", "policy", "networking.k8s.io")
    or kind.kind in ("ConfigMap", "Pod", "Secret", "Service", "ServiceAccount")
]
NAMES = (
    *("front", "redis", "http", "tmp", "more", "redis-auth"),
    *("vote-production", "vote-dev", "app", "default"),
)
TEXTS = (
    *NAMES,
    *("", "*", "0%", "100%", "50%", "-1%", "١%", "UDP", "Deployment", "Service", "apps/v1", "ExternalName"),
    *(
        "None",
        "Utilization",
        "In",
        "Exists",
        "In ",
        "secrets-store.csi.k8s.io",
        "\x00",
        "é",
        "\ud7ff",
        "true",
    ),
    *("redis://redis:$(REDIS_PORT)/0", "https://[a-z.example.com", "http://redis:99999", "http://[::1]:x/"),
    *("http://redis:6379", "http://redis.vote-dev", "redis.vote-production.svc.cluster.local:80", "x" * 300),
    *("$(A)$(A)$(A)", "http://$(A)", "http://é:80", "mongodb://u:p@a,b:1,:2/", "x.cluster.local", "//a:b"),
    *(".svc", "a.svc.b.c.d", "a.b.svc.d.e.svc"),
)
KEYS = (*NAMES, "A", "kubernetes.io/metadata.name", "aks-flow/accept.twice", "aks-flow/accept.")
OTHERS = (None, 0, -1, 5, 2**70, 1.5, True, "", [], {}, [None], {"a": None}, [[]], "text")
CUSTOM_KEYS = (
    *("scaleTargetRef", "rules", "backendRefs", "backendRef", "parentRefs", "filters", "requestMirror"),
    *("listeners", "secretName", "target", "template", "data", "dataFrom", "secretKey", "encryptedData"),
    *("secretObjects", "key", "name", "namespace", "kind", "port", "sectionName", "metadata", "spec"),
    *("containers", "selector", "replicas", "minReplicaCount", "maxReplicaCount", "matchLabels", "values"),
)
# What a field of that name mostly is, so that objects refer to each other.
LIKELY = {
    "apiVersion": ("apps/v1", "v1"),
    "kind": ("Deployment", "Deployment", "StatefulSet", "Role", "ServiceAccount"),
    "maxUnavailable": (0, 1, "0%"),
    "minAvailable": (1, "100%", 5),
    "name": NAMES[:3],
    "scaleTargetRef": ({"apiVersion": "apps/v1", "kind": "Deployment", "name": "front"},),
    "subPath": NAMES[:3],
    "targetPort": ("http", 8080),
    "type": ("Utilization", "ExternalName", "Resource"),
}
LABELS = ("labels", "matchLabels", "selector", "nodeSelector")


class Generator:
    """What one seed draws. chance: that an optional field is there."""

    def __init__(self, seed: int, chance: float):
        self.random = random.Random(seed)
        self.chance = chance
        self.left = 0

    def objects(self, count: int) -> list[dict]:
        return [self._custom() if self._is(0.1) else self._builtin() for _ in range(count)]

    def _builtin(self) -> dict:
        kind = self.random.choice(FAVOURITES if self._is(0.8) else KINDS)
        self.left = LARGEST
        item = self._model(models.model_name(kind), 0)
        return self._named(item, kind.api_version, kind.kind)

    def _custom(self) -> dict:
        group, kind = self.random.choice(
            [(group, kind) for group, names in CUSTOM.items() for kind in sorted(names)]
        )
        return self._named({"spec": self._tree(0)}, f"{group}/v1", kind)

    def _named(self, item: dict, api_version: str, kind: str) -> dict:
        item |= {"apiVersion": api_version, "kind": kind}
        if self._is(0.95):
            metadata = item.get("metadata") if isinstance(item.get("metadata"), dict) else {}
            item["metadata"] = metadata | {"name": self.random.choice(NAMES[:3] if self._is(0.7) else NAMES)}
        if isinstance(item.get("metadata"), dict) and self._is(0.8):
            item["metadata"]["namespace"] = "vote-production"
        return item

    def _model(self, model: str, depth: int) -> dict:
        fields = models.fields(model)
        chosen = [name for name in fields if self._has(fields[name], name)]
        return {name: self._field(name, fields[name], depth) for name in chosen}

    def _field(self, name: str, field: ModelField, depth: int):
        if name in LABELS and field.container and self._is(0.7):
            return {"app": self.random.choice(NAMES[:2])}
        if name in LIKELY and self._is(0.7):
            return self.random.choice(LIKELY[name])
        return self._value(field, depth)

    def _has(self, field: ModelField, name: str) -> bool:
        needed = name in ("spec", "template", "containers", "name", "metadata") or not field.optional
        return self._is(0.93 if needed else self.chance)

    def _value(self, field: ModelField, depth: int):
        if self._is(0.04):
            return self.random.choice(OTHERS)
        if field.container == "[]":
            count = self.random.choice((0, 1, 1, 2)) if depth < DEEPEST else 0
            return [None if self._is(0.05) else self._single(field, depth) for _ in range(count)]
        if field.container:
            return {
                self.random.choice(KEYS): self._single(field, depth) for _ in range(self.random.randrange(3))
            }
        return self._single(field, depth)

    def _single(self, field: ModelField, depth: int):
        self.left -= 1
        if self._is(0.03):
            return self.random.choice(OTHERS)
        if field.is_model:
            return self._model(field.type, depth + 1) if depth < DEEPEST and self.left > 0 else {}
        return self._leaf(field.type)

    def _leaf(self, name: str):
        numbers = (0, 1, 3, 80, 6379, 8080, -1, 2**31)
        drawn = {
            "bool": (True, False),
            "float64": (0.5, 2.0),
            "Quantity": ("1", "500m", "64Mi", 2),
            "IntOrString": (*numbers, *TEXTS),
            "any": OTHERS,
            "[]string": ([], ["a"]),
            "Time": ("2026-11-22T22:05:00Z",),
        }.get(name, TEXTS if name in ("string", "bytes", "MicroTime") else numbers)
        return self.random.choice(drawn)

    def _tree(self, depth: int):
        if depth > 5 or self._is(0.2):
            return self.random.choice((*TEXTS, *OTHERS, 80))
        if self._is(0.3):
            return [self._tree(depth + 1) for _ in range(self.random.randrange(3))]
        return {
            self.random.choice(CUSTOM_KEYS): self._tree(depth + 1) for _ in range(self.random.randrange(6))
        }

    def _is(self, chance: float) -> bool:
        return self.random.random() < chance
