"""What the objects of an app say of it: images, Secrets, the workload that answers, and how it is asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aks_flow.manifests.checks.secrets import made_by_others
from aks_flow.manifests.images.places import CONTAINERS
from aks_flow.tools.kubectl import kinds

_HTTP = ("http", "web", 80, 8080)  # names and numbers of ports
_PROBES = ("readinessProbe", "startupProbe", "livenessProbe")
_FRONTS = ("web", "frontend", "front", "ui", "www", "gateway", "site", "app")


@dataclass(frozen=True)
class Answering:
    """A Deployment, or a StatefulSet where there is none, and the Service that leads to it.

    image: of its first container. port: the Service's, by name or number; "" for the unnamed one. path: of
    the readiness probe, "" if there is none that HTTP asks. may_be_http: not where all probes ask otherwise.
    """

    deployment: str
    image: str = ""
    service: str = ""
    port: str | int = ""
    path: str = ""
    may_be_http: bool = True


@dataclass(frozen=True)
class NeededSecret:
    """A Secret that pods refer to, and that no manifest has or has made.

    keys: those that are named; () if pods take all of them. images: of the containers that refer to it.
    """

    name: str
    keys: tuple[str, ...]
    images: tuple[str, ...]


def pod_specs(node: object) -> Iterator[dict]:
    """The specifications of pods at any depth of an object."""
    if isinstance(node, list):
        for item in node:
            yield from pod_specs(item)
    elif isinstance(node, dict):
        if isinstance(node.get("containers"), list):
            yield node
        for value in node.values():
            yield from pod_specs(value)


def containers(spec: Mapping) -> Iterator[dict]:
    for key in CONTAINERS:
        yield from (item for item in spec.get(key) or [] if isinstance(item, dict))


def images(objects: Iterable[dict]) -> list[str]:
    """The images of all containers, as they are written, each once."""
    written = (
        container.get("image")
        for item in objects
        for spec in pod_specs(item)
        for container in containers(spec)
    )
    return sorted({image for image in written if isinstance(image, str) and image})


def needed_secrets(objects: list[dict]) -> list[NeededSecret]:
    """By name."""
    made = {item["metadata"].get("name") for item in objects if item["kind"] == "Secret"}
    made |= made_by_others(objects)
    keys: dict[str, set[str]] = {}
    users: dict[str, set[str]] = {}
    for item in objects:
        for spec in pod_specs(item):
            for container in containers(spec):
                for name, key in _references(spec, container):
                    keys.setdefault(name, set()).update([key] if key else [])
                    users.setdefault(name, set()).add(str(container.get("image", "")))
    return [
        NeededSecret(name, tuple(sorted(keys[name])), tuple(sorted(users[name])))
        for name in sorted(keys)
        if name not in made
    ]


def _references(spec: Mapping, container: Mapping) -> Iterator[tuple[str, str]]:
    """(Secret, key) of a container's variables and volumes; "" for all keys. Optional ones are left out."""
    for variable in container.get("env") or []:
        reference = ((variable or {}).get("valueFrom") or {}).get("secretKeyRef") or {}
        if reference.get("name") and not reference.get("optional"):
            yield reference["name"], str(reference.get("key", ""))
    for source in container.get("envFrom") or []:
        reference = (source or {}).get("secretRef") or {}
        if reference.get("name") and not reference.get("optional"):
            yield reference["name"], ""
    mounted = {mount.get("name") for mount in container.get("volumeMounts") or [] if isinstance(mount, dict)}
    for volume in spec.get("volumes") or []:
        secret = (volume or {}).get("secret") or {}
        if volume.get("name") in mounted and secret.get("secretName") and not secret.get("optional"):
            items = [str(item.get("key", "")) for item in secret.get("items") or []]
            yield from ((secret["secretName"], key) for key in items or [""])


def answering(objects: list[dict]) -> list[Answering]:
    """The Deployments that may be the one that answers, the likeliest first; StatefulSets if there is none.

    Those that an Ingress leads to come before those that a load balancer does, and these before the others.
    """
    routed = {name for item in objects for name in _routed(item)}
    ranked = []
    for deployment in answerable(objects):
        name, services = deployment["metadata"].get("name", ""), _services(objects, deployment)
        ranked += [(_rank(item, routed), name, _asked(deployment, item)) for item in services]
        if not services:
            ranked.append((_NO_SERVICE, name, Answering(name, _image(deployment))))
    order = sorted(ranked, key=lambda entry: (entry[0], _likelihood(entry[1])))
    first = order[0][0] if order else 0
    by_name = {candidate.deployment: candidate for rank, _, candidate in reversed(order) if rank == first}
    return list(reversed(by_name.values()))


def named(objects: list[dict], name: str) -> Answering | None:
    """The one of this name, None if there is none; asked through the Service that leads to it.

    A person may mean a StatefulSet where there are Deployments too.
    """
    routed = {name for item in objects for name in _routed(item)}
    for item in (item for kind in kinds.OWN for item in objects if item["kind"] == kind):
        if item["metadata"].get("name") == name:
            services = sorted(_services(objects, item), key=lambda service: _rank(service, routed))
            return _asked(item, services[0]) if services else Answering(name, _image(item))
    return None


def answerable(objects: list[dict]) -> list[dict]:
    """The Deployments, or the StatefulSets if there is none."""
    by_kind = ([item for item in objects if item["kind"] == kind] for kind in kinds.OWN)
    return next(filter(None, by_kind), [])


def _likelihood(name: str) -> tuple[int, str]:
    parts = name.split("-")
    return next((at for at, word in enumerate(_FRONTS) if word in parts), len(_FRONTS)), name


def _services(objects: list[dict], workload: dict) -> list[dict]:
    return [item for item in objects if item["kind"] == "Service" and _selects(item, workload)]


_HEADLESS, _NO_SERVICE = 4, 5  # behind all ranks of Services that have an address


def _rank(service: dict, routed: set[str]) -> int:
    """A headless one comes last: it names a StatefulSet's pods for each other, and may name unready ones."""
    if service["metadata"].get("name") in routed:
        return 0
    spec = service.get("spec") or {}
    if spec.get("clusterIP") == "None":
        return _HEADLESS
    return {"LoadBalancer": 1, "NodePort": 2}.get(spec.get("type", "ClusterIP"), 3)


def _routed(item: object) -> Iterator[str]:
    """The Services that an Ingress, or a route of the Gateway API, leads to."""
    if not isinstance(item, dict) or item.get("kind") not in ("Ingress", "HTTPRoute", "GRPCRoute"):
        return
    yield from _backends(item.get("spec"))


def _backends(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _backends(item)
    elif isinstance(node, dict):
        service = node.get("service")
        if isinstance(service, dict) and service.get("name"):
            yield service["name"]
        for reference in node.get("backendRefs") or []:
            if isinstance(reference, dict) and reference.get("kind", "Service") == "Service":
                yield reference.get("name", "")
        for value in node.values():
            yield from _backends(value)


def _selects(service: dict, deployment: dict) -> bool:
    selector = (service.get("spec") or {}).get("selector") or {}
    template = (deployment.get("spec") or {}).get("template") or {}
    labels = (template.get("metadata") or {}).get("labels") or {}
    same_place = service["metadata"].get("namespace") == deployment["metadata"].get("namespace")
    return bool(selector) and same_place and selector.items() <= labels.items()


def _asked(deployment: dict, service: dict) -> Answering:
    name, ports = deployment["metadata"]["name"], (service.get("spec") or {}).get("ports") or []
    if not ports:
        return Answering(name, _image(deployment))
    port = next((port for port in ports if port.get("name") in _HTTP), ports[0])
    asked = port.get("name") or (port.get("port", "") if len(ports) > 1 else "")
    path, may_be_http = _probe(deployment, port), _may_be_http(deployment, port)
    return Answering(name, _image(deployment), service["metadata"]["name"], asked, path, may_be_http)


def _image(deployment: dict) -> str:
    specs = pod_specs(deployment)
    return next((str(container.get("image", "")) for spec in specs for container in containers(spec)), "")


def _probe(deployment: dict, port: Mapping) -> str:
    """The path of the readiness probe of the container behind a Service's port."""
    target = port.get("targetPort", port.get("port"))
    for spec in pod_specs(deployment):
        for container in containers(spec):
            probe = (container.get("readinessProbe") or {}).get("httpGet") or {}
            if probe.get("scheme", "HTTP") == "HTTP" and _is_port(container, probe.get("port"), target):
                return str(probe.get("path", ""))
    return ""


def _may_be_http(deployment: Mapping, port: Mapping) -> bool:
    """Whether its port says so, or its probes do not say otherwise."""
    boxes = [container for spec in pod_specs(deployment) for container in containers(spec)]
    probes = [container[key] for container in boxes for key in _PROBES if container.get(key)]
    asked = not probes or any("httpGet" in probe for probe in probes)
    return asked or port.get("name") in _HTTP or port.get("port") in _HTTP


def _is_port(container: Mapping, one: object, other: object) -> bool:
    """Whether two names or numbers of ports mean the same of a container."""
    numbers = {port.get("name"): port.get("containerPort") for port in container.get("ports") or []}
    return one is not None and numbers.get(one, one) == numbers.get(other, other)
