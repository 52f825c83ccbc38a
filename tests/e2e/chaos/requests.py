"""Requests, valid and invalid, about everything that the API serves."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.schema import models
from tests.unit.rehearsal.standins.kubernetes.test_schema_any_object import objects

NAMES = st.sampled_from(["x", "web"] * 8 + ["default", "kube-root-ca.crt", "Bad_Name", "é", "a" * 300])
NAMESPACES = st.sampled_from(["default"] * 12 + ["kube-system", "nowhere", "Bad Name"])
# Not `proxy`: it would send what it is given on, to addresses that a made-up pod or Service names.
SUBRESOURCES = st.sampled_from(
    [
        *("status", "scale", "log", "exec", "attach", "portforward", "eviction", "binding", "finalize"),
        *("ephemeralcontainers", "approval", "token", "no-such-part"),
    ]
)
# By the shape of the path: what is usually asked there, and now and then anything.
METHODS = {
    "collection": st.sampled_from(["POST"] * 6 + ["GET"] * 3 + ["DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"]),
    "object": st.sampled_from(["PATCH"] * 5 + ["PUT"] * 3 + ["GET", "DELETE", "POST", "HEAD", "OPTIONS"]),
    "part": st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    "other": st.sampled_from(["GET"] * 6 + ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
}
SHAPES = st.sampled_from(["collection"] * 5 + ["object"] * 6 + ["part"] * 2 + ["other"])
_FORMS = "application/json;as={};v=v1;g=meta.k8s.io"
ACCEPTS = st.sampled_from(
    [
        *["application/json"] * 20,
        *("*/*", "application/yaml", "text/html", "application/vnd.kubernetes.protobuf", ""),
        *(_FORMS.format(shape) for shape in ("Table", "Table", "Table", "PartialObjectMetadata", "X")),
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    ]
)
PATCHES = [f"application/{form}+json" for form in ("json-patch", "merge-patch", "strategic-merge-patch")]
OTHER_TYPES = st.sampled_from(
    [
        *("application/yaml", "application/vnd.kubernetes.protobuf", "application/apply-patch+yaml"),
        *(*PATCHES, "text/plain", "application/json; charset=latin-1", ""),
    ]
)
PARAMETERS = [
    *("watch", "resourceVersion", "resourceVersionMatch", "sendInitialEvents", "allowWatchBookmarks"),
    *(
        "timeoutSeconds",
        "limit",
        "continue",
        "labelSelector",
        "fieldSelector",
        "dryRun",
        "fieldManager",
        "force",
    ),
    *(
        "fieldValidation",
        "propagationPolicy",
        "gracePeriodSeconds",
        "container",
        "follow",
        "tailLines",
        "hash",
    ),
    *(
        "sinceSeconds",
        "sinceTime",
        "limitBytes",
        "command",
        "stdin",
        "stdout",
        "tty",
        "includeObject",
        "pretty",
    ),
]
VALUES = st.one_of(
    st.sampled_from(
        [
            *(
                "true",
                "false",
                "1",
                "0",
                "-1",
                "99999999999999999999",
                "All",
                "Strict",
                "Ignore",
                "Foreground",
            ),
            *(
                "Orphan",
                "NotOlderThan",
                "Exact",
                "app=web",
                "app in (a,b)",
                "!app",
                "a,,b",
                "=",
                "metadata.name=x",
            ),
            *("status.phase!=Running", "no.such.field=1", "e30", "2026-11-25T00:00:00Z", "", "kubectl"),
        ]
    ),
    st.text(max_size=8),
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
ROOTS = st.sampled_from(
    [
        *(
            "/api",
            "/apis",
            "/version",
            "/healthz",
            "/readyz",
            "/livez",
            "/openapi/v2",
            "/openapi/v3",
            "/metrics",
        ),
        *(
            "/openapi/v3/api/v1",
            "/openapi/v3/apis/apps/v1",
            "/apis/apps",
            "/apis/apps/v1",
            "/api/v1",
            "/api/v9",
            "/",
        ),
    ]
)
_POD = {"containers": [{"name": "web", "image": "web:1"}]}
_TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": _POD}
_WORKLOAD = {"selector": {"matchLabels": {"app": "web"}}, "template": _TEMPLATE}
_JOB = {"template": {"spec": _POD | {"restartPolicy": "Never"}}}
_CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
_SCALED = {"kind": "Deployment", "name": "web", "apiVersion": "apps/v1"}
# What is valid, for the kinds that something is done with.
VALID = {
    kinds.POD: {"spec": _POD},
    kinds.DEPLOYMENT: {"spec": _WORKLOAD},
    kinds.REPLICA_SET: {"spec": _WORKLOAD},
    kinds.DAEMON_SET: {"spec": _WORKLOAD},
    kinds.STATEFUL_SET: {"spec": _WORKLOAD | {"serviceName": "web"}},
    kinds.JOB: {"spec": _JOB},
    kinds.CRON_JOB: {"spec": {"schedule": "*/5 * * * *", "jobTemplate": {"spec": _JOB}}},
    kinds.SERVICE: {"spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}},
    kinds.CONFIG_MAP: {"data": {"key": "value"}},
    kinds.SECRET: {"data": {"key": "dmFsdWU="}},
    kinds.PERSISTENT_VOLUME_CLAIM: {"spec": _CLAIM},
    kinds.RESOURCE_QUOTA: {"spec": {"hard": {"pods": "50", "count/secrets": "50"}}},
    kinds.POD_DISRUPTION_BUDGET: {"spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}},
    kinds.HORIZONTAL_POD_AUTOSCALER: {"spec": {"maxReplicas": 3, "scaleTargetRef": _SCALED}},
    kinds.NAMESPACE: {},
    kinds.LEASE: {"spec": {"holderIdentity": "me", "leaseDurationSeconds": 15}},
}
KINDS = st.one_of(st.sampled_from(sorted(VALID, key=str)), st.sampled_from(kinds.BUILTIN))
OTHER_PATHS = st.one_of(ROOTS, st.text(max_size=12).map(lambda text: "/" + quote(text, "/")))
RARELY = st.sampled_from([True] + [False] * 4)
JSON = "application/json"


@dataclass(frozen=True)
class Asked:
    """One request, as it goes over the wire."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    accept: str
    content_type: str
    body: bytes

    @property
    def watches(self) -> bool:
        return any(name in ("watch", "follow") for name, _ in self.query)


@st.composite
def asked(draw) -> Asked:
    kind, shape = draw(KINDS), draw(SHAPES)
    method = draw(METHODS[shape])
    query = draw(st.lists(st.tuples(st.sampled_from(PARAMETERS), VALUES), max_size=3)) if draw(RARELY) else []
    usual = (
        st.sampled_from([*PATCHES, "application/apply-patch+yaml"]) if method == "PATCH" else st.just(JSON)
    )
    content_type = draw(OTHER_TYPES if draw(RARELY) else usual)
    name = draw(NAMES)
    return Asked(
        method,
        draw(OTHER_PATHS) if shape == "other" else draw(paths(kind, shape, name)),
        tuple(query),
        draw(ACCEPTS),
        content_type,
        draw(bodies(kind, name)),
    )


@st.composite
def paths(draw, kind: Kind, shape: str, name: str) -> str:
    parts = ["apis", kind.group, kind.version] if kind.group else ["api", kind.version]
    if kind.namespaced and (shape != "collection" or draw(st.integers(0, 9))):
        parts += ["namespaces", draw(NAMESPACES)]
    parts.append(kind.plural)
    if shape != "collection":
        parts.append(name)
    if shape == "part":
        parts.append(draw(SUBRESOURCES))
    return "/" + "/".join(quote(part, "") for part in parts)


@st.composite
def bodies(draw, kind: Kind, name: str) -> bytes:
    choice = draw(st.integers(0, 15))
    if choice == 0:
        return b""
    if choice == 1:
        return (
            draw(st.binary(max_size=60)) if draw(st.booleans()) else b"k8s\0" + draw(st.binary(max_size=60))
        )
    if choice == 2:
        return json.dumps(draw(JUNK)).encode()
    if choice == 3:
        return b"[" * draw(st.sampled_from([10, 2000, 200_000]))
    item = draw(objects(models.model_name(kind)))
    if choice > 6:
        item = VALID.get(kind, {}) | (draw(st.sampled_from([{}, item])) if choice > 12 else {})
    item |= {"apiVersion": kind.api_version, "kind": kind.kind}
    item["metadata"] = {"name": name} | draw(st.sampled_from([{}, {"labels": {"app": "web"}}]))
    if choice == 4:
        item[draw(st.sampled_from(["spec", "status", "metadata", "data", "kind", "extra"]))] = draw(JUNK)
    return json.dumps(item).encode()
