"""Objects as they are handed to kubectl, and what a Service says of itself."""

import json
from collections.abc import Iterable, Mapping

from aks_flow.core.command import Secret


def namespace(name: str, labels: Mapping[str, str] | None = None) -> dict:
    """A Namespace as it is applied: with nothing but its name, and labels if there are any."""
    metadata = {"name": name} | ({"labels": dict(labels)} if labels else {})
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def manifest(items: Iterable[dict]) -> str:
    """Objects as one JSON List: cut short on its way, it is no JSON, and kubectl applies nothing."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(items)})


def documents(items: Iterable[dict]) -> str:
    """Objects as one JSON document each, a text that others can be put before and behind."""
    return "".join(f"---\n{json.dumps(item)}\n" for item in items)


def opaque_secret(
    namespace: str, name: str, values: dict[str, Secret], labels: Mapping[str, str] | None = None
) -> Secret:
    """A Secret's manifest: a secret text itself."""
    metadata = {"name": name, "namespace": namespace} | ({"labels": dict(labels)} if labels else {})
    return Secret(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": metadata,
                "stringData": {key: value.reveal() for key, value in values.items()},
            }
        )
    )


def service_url(service: dict) -> str:
    """Where a Service answers from outside, or "" if nowhere (yet).

    A load balancer that could not take the Service's own port says so in ports[].error
    (core/v1 PortStatus); then the node port is the way in.
    """
    ingress = (service.get("status", {}).get("loadBalancer", {}).get("ingress") or [{}])[0]
    host = ingress.get("ip") or ingress.get("hostname")
    if not host:
        return ""
    port = service["spec"]["ports"][0]
    refused = any(entry.get("error") for entry in ingress.get("ports") or [])
    number = port.get("nodePort") if refused else port["port"]
    return f"http://{host}" if number == 80 else f"http://{host}:{number}"
