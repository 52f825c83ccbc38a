"""A container's environment: service links, envFrom and env, expanded in order."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.kubelet.spec import fields, service_links
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.errors import ContainerConfigError
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.expansion import expand


@dataclass(frozen=True)
class EnvironmentSources:
    """Where values come from. config_map and secret: name -> the object of the pod's namespace, or None."""

    config_map: Callable[[str], dict | None]
    secret: Callable[[str], dict | None]
    services: list[dict]
    facts: fields.PodFacts


def resolve(pod: dict, container: dict, sources: EnvironmentSources) -> dict[str, str]:
    """Every variable of a container; ContainerConfigError, in kubelet's words, if a source is missing."""
    links = service_links.variables(_linked(pod, sources.services))
    values: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        values |= _from_source(source, sources)
    for variable in container.get("env", ()):
        value = _value(variable, pod, container["name"], sources, links | values)
        if value is not None:
            values[variable["name"]] = value
    return links | values


def _linked(pod: dict, services: list[dict]) -> list[dict]:
    links_enabled = pod["spec"].get("enableServiceLinks", True)
    namespace = pod["metadata"]["namespace"]
    return [
        service
        for service in services
        if _is_master(service) or links_enabled and _namespace(service) == namespace
    ]


def _is_master(service: dict) -> bool:
    return _namespace(service) == "default" and service["metadata"]["name"] == "kubernetes"


def _namespace(service: dict) -> str:
    return service["metadata"]["namespace"]


def _from_source(source: dict, sources: EnvironmentSources) -> dict[str, str]:
    prefix = source.get("prefix", "")
    if reference := source.get("configMapRef"):
        data = _config_map(reference, sources)
    else:
        data = _secret(source["secretRef"], sources)
    return {prefix + key: value for key, value in sorted((data or {}).items())}


def _value(
    variable, pod: dict, container: str, sources: EnvironmentSources, known: Mapping[str, str]
) -> str | None:
    source = variable.get("valueFrom")
    if not source:
        return expand(variable.get("value", ""), known)
    if reference := source.get("fieldRef"):
        return fields.field(pod, reference["fieldPath"], sources.facts)
    if reference := source.get("resourceFieldRef"):
        return fields.resource(pod, container, reference, sources.facts)
    namespace = pod["metadata"]["namespace"]
    if reference := source.get("configMapKeyRef"):
        return _key(reference, _config_map(reference, sources), "ConfigMap", namespace)
    if reference := source.get("secretKeyRef"):
        return _key(reference, _secret(reference, sources), "Secret", namespace)
    raise ContainerConfigError(f"environment variable {variable['name']} has a source the node does not know")


def _key(reference: dict, data: dict[str, str] | None, kind: str, namespace: str) -> str | None:
    if data is not None and reference["key"] in data:
        return data[reference["key"]]
    if reference.get("optional"):
        return None
    raise ContainerConfigError(
        f"couldn't find key {reference['key']} in {kind} {namespace}/{reference['name']}"
    )


def _config_map(reference: dict, sources: EnvironmentSources) -> dict[str, str] | None:
    config_map = sources.config_map(reference["name"])
    if config_map is None:
        return _absent(reference, "configmap")
    return config_map.get("data") or {}


def _secret(reference: dict, sources: EnvironmentSources) -> dict[str, str] | None:
    secret = sources.secret(reference["name"])
    if secret is None:
        return _absent(reference, "secret")
    data = secret.get("data") or {}
    return {key: base64.b64decode(value).decode(errors="surrogateescape") for key, value in data.items()}


def _absent(reference: dict, kind: str) -> None:
    if not reference.get("optional"):
        raise ContainerConfigError(f'{kind} "{reference["name"]}" not found')
