"""The endpoints behind a Service, from the pods that it selects. Pure.

Shapes: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
"""

from collections.abc import Sequence

from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods

Groups = dict[tuple, list[dict]]


def selects(service: dict) -> bool:
    """Whether the Service's endpoints are the controller's to keep."""
    spec = service["spec"]
    return bool(spec.get("selector")) and spec.get("type") != "ExternalName"


def groups(service: dict, selected: Sequence[dict]) -> Groups:
    """Endpoints by their ports: pods may give different numbers to one named port."""
    endpoints_by_ports: Groups = {}
    for pod in selected:
        if pod.get("status", {}).get("podIP") and not pods.is_finished(pod):
            endpoints_by_ports.setdefault(ports(service, pod), []).append(endpoint(service, pod))
    return endpoints_by_ports


def ports(service: dict, pod: dict) -> tuple:
    """((name, number, protocol, appProtocol), …) of the pod, for the Service's ports that it has."""
    resolved = []
    for port in service["spec"].get("ports") or ():
        protocol = port.get("protocol", "TCP")
        number = _number(port.get("targetPort", port["port"]), protocol, pod)
        if number is not None:
            resolved.append((port.get("name", ""), number, protocol, port.get("appProtocol")))
    return tuple(resolved)


def _number(target: int | str, protocol: str, pod: dict) -> int | None:
    if isinstance(target, int):
        return target
    declared = (port for container in pod["spec"]["containers"] for port in container.get("ports") or ())
    matching = (
        port["containerPort"]
        for port in declared
        if port.get("name") == target and port.get("protocol", "TCP") == protocol
    )
    return next(matching, None)


def endpoint(service: dict, pod: dict) -> dict:
    """A pod as an endpoint; ready follows from serving unless the Service publishes pods that are not."""
    metadata, terminating = pod["metadata"], owners.is_deleted(pod)
    serving = pods.is_ready(pod)
    always = bool(service["spec"].get("publishNotReadyAddresses"))
    fields = {
        "addresses": [pod["status"]["podIP"]],
        "conditions": {
            "ready": always or (serving and not terminating),
            "serving": serving,
            "terminating": terminating,
        },
        "targetRef": {
            "kind": "Pod",
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "uid": metadata["uid"],
        },
    }
    if pod["spec"].get("hostname") and pod["spec"].get("subdomain") == service["metadata"]["name"]:
        fields["hostname"] = pod["spec"]["hostname"]
    return fields | ({"nodeName": pod["spec"]["nodeName"]} if pod["spec"].get("nodeName") else {})


def slice_ports(group: tuple) -> list[dict]:
    return [
        {"name": name, "port": number, "protocol": protocol} | ({"appProtocol": app} if app else {})
        for name, number, protocol, app in group
    ]


def subsets(endpoints_by_ports: Groups) -> list[dict]:
    """The subsets of the legacy Endpoints object; pods that are being deleted are left out."""
    result = []
    for group, endpoints in endpoints_by_ports.items():
        kept = [entry for entry in endpoints if not entry["conditions"]["terminating"]]
        parts = {
            "addresses": [_address(entry) for entry in kept if entry["conditions"]["ready"]],
            "notReadyAddresses": [_address(entry) for entry in kept if not entry["conditions"]["ready"]],
            "ports": [
                {key: value for key, value in port.items() if value != ""} for port in slice_ports(group)
            ],
        }
        if kept:
            result.append({key: value for key, value in parts.items() if value})
    return result


def _address(entry: dict) -> dict:
    kept = {key: entry[key] for key in ("nodeName", "targetRef", "hostname") if key in entry}
    return {"ip": entry["addresses"][0]} | kept
