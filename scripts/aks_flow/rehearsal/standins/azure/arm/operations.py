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

_PREFIX = {"Microsoft.ContainerRegistry": "registries-"}  # of an operation's name
_STATES = {"PUT": "Creating", "DELETE": "Deleting", "POST": "Accepted"}  # what it is meanwhile
_RECOVERABLE = ("Microsoft.KeyVault/vaults",)
SETTLE, REMOVE, REPORT = "settle", "remove", "report"  # what the end of an operation does to its resource


def begin(
    call: Call, resource: str, then: str, answer: Document | None = None, meanwhile: Document | None = None
) -> Document:
    """Begin an operation. ``answer``: what its Location gives at its end (None: the resource), ``meanwhile``:
    and before it."""
    event = f"operation {call.method} {call.path.full_type} {call.path.name}"
    fault = call.cloud.faults.strike(event) or {}
    started = call.cloud.now()
    namespace = call.path.type.partition("/")[0]
    operation = {
        "id": f"{_PREFIX.get(namespace, '')}{uuid.uuid4()}",
        "subscription": call.path.subscription,
        **{"namespace": namespace, "location": _location(call), "state": _STATES[call.method]},
        **{"resource": resource, "then": then, "status": "InProgress"},
        **{"answer": answer, "meanwhile": meanwhile},
        **{"started": started, "ends": started + fault.get("seconds", SECONDS), "fails": fault.get("fails")},
    }
    return call.cloud.store.put(OPERATION, operation["id"], operation)


def _location(call: Call) -> str:
    """Where the resource is, in one word: the name of the region in the addresses for polling."""
    located = call.body.get("location") or (call.resource or {}).get("location") or "westeurope"
    return located.replace(" ", "").lower()


def doom(cloud: Cloud, resource: str, fails: Document) -> None:
    """Let the operation that goes on on a resource fail."""
    for operation in cloud.store.all(OPERATION):
        if (operation["status"], operation["resource"].lower()) == ("InProgress", resource.lower()):
            cloud.store.put(OPERATION, operation["id"], operation | {"fails": operation["fails"] or fails})


def settle(cloud: Cloud) -> None:
    """End every operation whose time has come."""
    for operation in cloud.store.all(OPERATION):
        if operation["status"] == "InProgress" and operation["ends"] <= cloud.now():
            _end(cloud, operation)


def is_busy(cloud: Cloud, resource: str) -> bool:
    """True if an operation on the resource is going on."""
    return any(
        (operation["status"], operation["resource"].lower()) == ("InProgress", resource.lower())
        and operation["then"] != REPORT
        for operation in cloud.store.all(OPERATION)
    )


def _end(cloud: Cloud, operation: Document) -> None:
    failed = bool(operation["fails"])
    if operation["then"] == REMOVE and not failed:
        remove(cloud, operation["resource"])
    elif operation["then"] != REPORT and (resource := cloud.store.get(RESOURCE, operation["resource"])):
        resource.setdefault("properties", {})["provisioningState"] = "Failed" if failed else "Succeeded"
        if failed:
            resource["properties"]["errorInfo"] = operation["fails"]
        cloud.store.put(RESOURCE, resource["id"], resource)
    operation["status"] = "Failed" if failed else "Succeeded"
    cloud.store.put(OPERATION, operation["id"], operation)


def remove(cloud: Cloud, resource: str) -> None:
    """Remove a resource with all that is in it or on it; a cluster's own group of resources goes with it."""
    inside = cloud.store.all(RESOURCE, resource + "/")
    for removed in (*inside, *filter(None, [cloud.store.get(RESOURCE, resource)])):
        cloud.store.remove(RESOURCE, removed["id"])
        if removed["type"] in _RECOVERABLE:
            cloud.store.put(REMOVED, removed["id"], {**removed, "removedAt": cloud.now()})
        if nodes := removed.get("properties", {}).get("nodeResourceGroup"):
            remove(cloud, "/".join((*removed["id"].split("/")[:4], nodes)))


def headers(call: Call, operation: Document, *wanted: str) -> Mapping[str, str]:
    """The polling headers of the answer that begins it. wanted: which of the two, if not both."""
    base = f"{call.cloud.url}/subscriptions/{operation['subscription']}/providers/{operation['namespace']}"
    where, version = f"{base}/locations/{operation['location']}", f"api-version={call.version}"
    both = {
        ASYNC: f"{where}/operations/{operation['id']}?{version}",
        LOCATION: f"{where}/operationresults/{operation['id']}?{version}",
    }
    return {**{name: both[name] for name in wanted or both}, "Retry-After": str(POLL)}


ASYNC, LOCATION = "Azure-AsyncOperation", "Location"


def elsewhere(call: Call, header: str, path: str) -> Mapping[str, str]:
    """Polling headers where the service has an address of its own for it."""
    return {header: f"{call.cloud.url}{path}?api-version={call.version}", "Retry-After": str(POLL)}


def status(call: Call) -> Answer:
    """``…/operations/ID``: the operation itself."""
    operation = known(call)
    started = {"startTime": _stamp(operation["started"])}
    body = {"name": operation["id"], "status": operation["status"], **started}
    if operation["status"] == "InProgress":
        return Answer(body, headers={"Retry-After": str(POLL)})
    body["endTime"] = _stamp(operation["ends"])
    return Answer(body | error_of(operation))


def error_of(operation: Document) -> Document:
    """The error of a failed operation, in a body about it; {} for another."""
    if operation["status"] != "Failed":
        return {}
    return {"error": {"code": operation["fails"]["code"], "message": operation["fails"]["message"]}}


def result(call: Call) -> Answer:
    """``…/operationResults/ID``: 202 while it goes on, then what came of it."""
    operation = known(call)
    if operation["status"] == "InProgress":
        again = elsewhere(call, LOCATION, call.path.id)
        return Answer(operation.get("meanwhile"), 202, again)
    if operation["status"] == "Failed":
        raise ArmError(409, operation["fails"]["code"], operation["fails"]["message"])
    if operation["answer"] is not None:
        return Answer(operation["answer"])
    resource = call.cloud.store.get(RESOURCE, operation["resource"])
    return Answer(resource) if resource and operation["then"] == SETTLE else Answer()


def known(call: Call) -> Document:
    operation = call.cloud.store.get(OPERATION, call.path.name)
    if not operation:
        raise ArmError(404, "NotFound", f"The operation '{call.path.name}' was not found.")
    return operation


def _stamp(moment: float) -> str:
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
