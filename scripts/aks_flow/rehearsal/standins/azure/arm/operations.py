"""Asynchronous operations: begun with a request, polled by the client, ended when their time has come.

Nothing runs in the background: an operation that is due ends at the next request, whoever sends it. So a
restart loses none.
"""

import datetime
import uuid
from collections.abc import Mapping

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.store import Document

OPERATION, REMOVED = "operation", "removed"  # the store's kinds: operations; what can be recovered
POLL = 1  # seconds that a client is asked to wait between two questions
SECONDS = 1.0  # how long an operation takes, unless a fault says otherwise

_RECOVERABLE = ("Microsoft.KeyVault/vaults",)
SETTLE, REMOVE = "settle", "remove"  # what the end of an operation does to its resource


def begin(call: Call, resource: str, then: str, answer: Document | None = None) -> Document:
    """Begin an operation. ``answer``: what its Location gives at its end (None: the resource)."""
    event = f"operation {call.method} {call.path.full_type} {call.path.name}"
    fault = call.cloud.faults.strike(event) or {}
    started = call.cloud.now()
    operation = {
        "id": str(uuid.uuid4()),
        "subscription": call.path.subscription,
        "namespace": call.path.type.partition("/")[0],
        **{"resource": resource, "then": then, "status": "InProgress", "answer": answer},
        **{"started": started, "ends": started + fault.get("seconds", SECONDS), "fails": fault.get("fails")},
    }
    return call.cloud.store.put(OPERATION, operation["id"], operation)


def settle(cloud: Cloud) -> None:
    """End every operation whose time has come."""
    for operation in cloud.store.all(OPERATION):
        if operation["status"] == "InProgress" and operation["ends"] <= cloud.now():
            _end(cloud, operation)


def is_busy(cloud: Cloud, resource: str) -> bool:
    """True if an operation on the resource is going on."""
    return any(
        operation["status"] == "InProgress" and operation["resource"].lower() == resource.lower()
        for operation in cloud.store.all(OPERATION)
    )


def _end(cloud: Cloud, operation: Document) -> None:
    failed = bool(operation["fails"])
    if operation["then"] == REMOVE and not failed:
        remove(cloud, operation["resource"])
    elif resource := cloud.store.get(RESOURCE, operation["resource"]):
        resource.setdefault("properties", {})["provisioningState"] = "Failed" if failed else "Succeeded"
        cloud.store.put(RESOURCE, resource["id"], resource)
    operation["status"] = "Failed" if failed else "Succeeded"
    cloud.store.put(OPERATION, operation["id"], operation)


def remove(cloud: Cloud, resource: str) -> None:
    """Remove a resource with all that is in it or on it; a cluster's own group of resources goes with it."""
    inside = cloud.store.all(RESOURCE, resource + "/")
    for removed in (*inside, *filter(None, [cloud.store.get(RESOURCE, resource)])):
        cloud.store.remove(RESOURCE, removed["id"])
        if removed["type"] in _RECOVERABLE:
            cloud.store.put(REMOVED, removed["id"], removed)
        if nodes := removed.get("properties", {}).get("nodeResourceGroup"):
            remove(cloud, "/".join((*removed["id"].split("/")[:4], nodes)))


def headers(call: Call, operation: Document) -> Mapping[str, str]:
    """The polling headers of the answer that begins it."""
    base = f"{call.cloud.url}/subscriptions/{operation['subscription']}/providers/{operation['namespace']}"
    where, version = f"{base}/locations/{_LOCATION}", f"api-version={call.version}"
    return {
        "Azure-AsyncOperation": f"{where}/operations/{operation['id']}?{version}",
        "Location": f"{where}/operationResults/{operation['id']}?{version}",
        "Retry-After": str(POLL),
    }


_LOCATION = "rehearsal"


def location_only(call: Call, operation: Document) -> Mapping[str, str]:
    """For the services that offer a Location alone."""
    return {key: value for key, value in headers(call, operation).items() if key != "Azure-AsyncOperation"}


def status(call: Call) -> Answer:
    """``…/operations/ID``: the operation itself."""
    operation = _known(call)
    body = {
        "id": call.path.id,
        "name": operation["id"],
        "status": operation["status"],
        "startTime": _stamp(operation["started"]),
    }
    if operation["status"] == "InProgress":
        return Answer(body, headers={"Retry-After": str(POLL)})
    body["endTime"] = _stamp(operation["ends"])
    if operation["status"] == "Failed":
        body["error"] = {"code": operation["fails"]["code"], "message": operation["fails"]["message"]}
    return Answer(body)


def result(call: Call) -> Answer:
    """``…/operationResults/ID``: 202 while it goes on, then what came of it."""
    operation = _known(call)
    if operation["status"] == "InProgress":
        return Answer(status=202, headers=location_only(call, operation))
    if operation["status"] == "Failed":
        raise ArmError(409, operation["fails"]["code"], operation["fails"]["message"])
    if operation["answer"] is not None:
        return Answer(operation["answer"])
    resource = call.cloud.store.get(RESOURCE, operation["resource"])
    return Answer(resource) if resource and operation["then"] == SETTLE else Answer()


def _known(call: Call) -> Document:
    operation = call.cloud.store.get(OPERATION, call.path.name)
    if not operation:
        raise ArmError(404, "NotFound", f"The operation '{call.path.name}' was not found.")
    return operation


def _stamp(moment: float) -> str:
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
