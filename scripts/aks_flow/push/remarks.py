"""What a diff does not say: who does not notice a change, and what a field that goes means. Pure."""

from collections.abc import Iterable, Iterator

from aks_flow.push.fields import field_set
from aks_flow.push.fields.applied import applied, is_applied
from aks_flow.push.fields.managers import others
from aks_flow.rollout.verdict.goal import ROLLS_OUT
from aks_flow.tools.kubectl import kinds, output

_VALUES = ("data", "binaryData", "stringData")


def remarks(objects: Iterable[dict], live: Iterable[dict], namespace: str) -> tuple[str, ...]:
    """A sentence for each. objects: of the manifest. live: what the cluster has of them."""
    items = list(objects)
    pairs = output.pairs(items, live)
    staying = [item for item, there in pairs if item["kind"] in ROLLS_OUT and _keeps_pods(item, there)]
    return (*_unnoticed(pairs, staying, namespace), *_unscaled(pairs, items))


def unmarked(objects: Iterable[dict], app: str) -> Iterator[str]:
    """Without the app's own workload, which bears the marks of what runs; see `newer_version`."""
    if not any(kinds.is_own(item, app) for item in objects):
        yield f"there is no deployment/{app} (`app.name`): an older version may replace a newer one"


def _unnoticed(pairs: list[tuple[dict, dict]], staying: list[dict], namespace: str) -> Iterator[str]:
    """ConfigMaps and Secrets that change under the same name, and the pods that read them and stay."""
    for item, live in pairs:
        if item["kind"] not in ("ConfigMap", "Secret") or not _changes(item, live):
            continue
        name = item["metadata"]["name"]
        for workload in staying:
            ways = _ways(workload["spec"]["template"]["spec"], item["kind"], name)
            if ways:
                ref = f"{workload['kind'].lower()}/{workload['metadata']['name']}"
                restart = f"`kubectl --namespace {namespace} rollout restart {ref}`"
                what = f"{item['kind'].lower()}/{name} changes, and the pods of {ref} do not restart"
                yield f"{what} ({', '.join(ways)}): {restart} makes them"


def _changes(item: dict, live: dict) -> bool:
    """Whether a value changes; what was applied before is in clear text, as the manifest is."""
    before = applied(live) or live
    return any((item.get(key) or {}) != (before.get(key) or {}) for key in _VALUES)


def _keeps_pods(item: dict, live: dict) -> bool:
    """Whether the delivery leaves a workload's pod template as it was applied before."""
    return item["kind"] != "Job" and is_applied(item, live, "spec", "template")


def _ways(pod: dict, kind: str, name: str) -> list[str]:
    """How a pod reads a ConfigMap or Secret: its environment never changes, files do in a minute."""
    containers = [*(pod.get("initContainers") or []), *pod.get("containers", [])]
    volume = f"{kind[0].lower()}{kind[1:]}"
    ways = ["their environment keeps the old values"] if name in _variables(containers, volume) else []
    mounted = {entry["name"] for entry in pod.get("volumes") or [] if _holds(entry, volume, name)}
    mounts = [mount for item in containers for mount in item.get("volumeMounts") or []]
    by_path = [bool(mount.get("subPath")) for mount in mounts if mount["name"] in mounted]
    if False in by_path:
        ways.append("their files change within about a minute")
    if True in by_path:
        ways.append("files mounted by subPath keep the old values")
    return ways


def _variables(containers: list[dict], volume: str) -> set[str]:
    """The names of those that containers have variables of."""
    sources = [entry.get(f"{volume}Ref") for item in containers for entry in item.get("envFrom") or []]
    entries = (entry.get("valueFrom") or {} for item in containers for entry in item.get("env") or [])
    sources += [entry.get(f"{volume}KeyRef") for entry in entries]
    return {source["name"] for source in sources if source}


def _holds(entry: dict, volume: str, name: str) -> bool:
    sources = [entry, *((entry.get("projected") or {}).get("sources") or [])]
    named = [source.get(volume) or {} for source in sources]
    return any(name in (source.get("name"), source.get("secretName")) for source in named)


def _unscaled(pairs: list[tuple[dict, dict]], items: list[dict]) -> Iterator[str]:
    """`replicas` that an earlier delivery had set and the manifests no longer have: an apply makes it 1."""
    scaled = {_target(item) for item in items if item["kind"] == "HorizontalPodAutoscaler"}
    for item, live in pairs:
        replicas = live.get("spec", {}).get("replicas", 1)
        if item["kind"] in ("Deployment", "StatefulSet") and _loses_replicas(item, live):
            ref = (item["kind"], item["metadata"]["name"])
            until = ", until its autoscaler scales it again" if ref in scaled else ""
            if replicas != 1:
                left = "`replicas` has left the manifests, and the server's own is 1"
                yield f"{ref[0].lower()}/{ref[1]}: replicas {replicas} → 1{until}: {left}"


def _loses_replicas(item: dict, live: dict) -> bool:
    """Whether the delivery alone had set `replicas`, and the manifests no longer have it."""
    before, place = (applied(live) or {}).get("spec", {}), ("f:spec", "f:replicas")
    is_set = any(field_set.at(manager.fields, place) is not None for manager in others(live))
    return "replicas" in before and "replicas" not in item.get("spec", {}) and not is_set


def _target(scaler: dict) -> tuple[str, str]:
    ref = scaler["spec"]["scaleTargetRef"]
    return ref["kind"], ref["name"]
