"""What most resource types have in common: shown, listed, put, patched and deleted.

A resource type is a `ResourceType`; one that is made at once needs `shape` only.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from aks_flow.rehearsal.standins.azure.arm import access, operations
from aks_flow.rehearsal.standins.azure.arm.arm_path import RESOURCES
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid, no_group, no_resource
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.store import Document


class ResourceType:
    """type: ``Microsoft.X/things``. slow: PUT and DELETE are asynchronous. tracked: has location and tags.

    begins: the state in which a new one is that is slow.
    """

    type: ClassVar[str]
    slow: ClassVar[bool] = False
    tracked: ClassVar[bool] = True
    begins: ClassVar[str] = "Creating"

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        """The properties that a PUT makes, from its body and what was there; ArmError if it must not be."""
        return {**(old or {}).get("properties", {}), **body.get("properties", {})}

    def view(self, cloud: Cloud, resource: Document) -> Document:
        """The resource as others see it."""
        return resource

    def polling(self, call: Call, operation: Document) -> Mapping[str, str]:
        """The headers that say where to ask how far an operation is."""
        return operations.headers(call, operation)

    def get(self, call: Call) -> Answer:
        return Answer(self.view(call.cloud, self.need(call)))

    def list(self, call: Call) -> Answer:
        resources = call.cloud.store.all(RESOURCE, call.path.id + "/")
        mine = [resource for resource in resources if resource["type"].lower() == self.type.lower()]
        return page(call, [self.view(call.cloud, resource) for resource in mine])

    def put(self, call: Call) -> Answer:
        need_group(call)
        old = call.resource
        self.need_idle(call, old)
        resource = self.make(call, call.body, old)
        status = 200 if old else 201
        if not self.slow:
            return self.answered(call, resource, status)
        return self._begun(call, resource, "Updating" if old else self.begins, status)

    def answered(self, call: Call, resource: Document, status: int) -> Answer:
        """The answer to a PUT that is done at once."""
        return Answer(self.view(call.cloud, resource), status)

    def patch(self, call: Call) -> Answer:
        """Merge the body into the resource: tags and properties (RFC 7396)."""
        old = self.need(call)
        self.need_idle(call, old)
        return Answer(self.view(call.cloud, self.make(call, merged(old, call.body), old)))

    def delete(self, call: Call) -> Answer:
        if not call.resource:
            return Answer(status=204)
        if not self.slow:
            operations.remove(call.cloud, call.path.id)
            return Answer()
        self._state(call.cloud, call.resource, "Deleting")
        operation = operations.begin(call, call.path.id, operations.REMOVE)
        return Answer(status=202, headers=self.polling(call, operation))

    def need(self, call: Call) -> Document:
        """The resource; ArmError 404 if there is none."""
        need_group(call)
        if not call.resource:
            raise no_resource(self.type, "/".join(call.path.names), call.path.group)
        return call.resource

    def need_idle(self, call: Call, old: Document | None) -> None:
        if old and operations.is_busy(call.cloud, call.path.id):
            message = (
                f"There is an in-progress operation on resource '{call.path.id}'. Please try again later."
            )
            raise ArmError(409, "OperationNotAllowed", message, {"Retry-After": str(operations.POLL)})

    def make(self, call: Call, body: Document, old: Document | None) -> Document:
        """Write the resource that a body describes."""
        resource = {"id": call.path.id, "name": call.path.name, "type": self.type}
        if self.tracked:
            resource |= {"location": self._location(body, old), "tags": body.get("tags") or {}}
        for part in ("sku", "identity", "kind"):
            if chosen := body.get(part) or (old or {}).get(part):
                resource[part] = chosen
        properties = self.shape(call, body, old)
        resource["properties"] = {**properties, "provisioningState": "Succeeded"}
        return call.cloud.store.put(RESOURCE, call.path.id, resource)

    def _location(self, body: Document, old: Document | None) -> str:
        location = body.get("location") or (old or {}).get("location")
        if not location:
            raise invalid("The location property is required for this definition.", "LocationRequired")
        return location.replace(" ", "").lower()

    def _begun(self, call: Call, resource: Document, state: str, status: int) -> Answer:
        operation = operations.begin(call, call.path.id, operations.SETTLE)
        self._state(call.cloud, resource, state)
        return Answer(self.view(call.cloud, resource), status, self.polling(call, operation))

    def _state(self, cloud: Cloud, resource: Document, state: str) -> None:
        resource["properties"]["provisioningState"] = state
        cloud.store.put(RESOURCE, resource["id"], resource)


def need_group(call: Call) -> None:
    """ArmError 404 if the call is about a resource group that is not there."""
    path = call.path
    if path.group and not call.cloud.store.get(
        RESOURCE, f"/subscriptions/{path.subscription}/resourceGroups/{path.group}"
    ):
        raise no_group(path.group)


def in_lower_case(resource: Document, *without: str) -> Document:
    """The resource as some services show it: ``/resourcegroups/`` in its id, and without these properties."""
    shown = {key: value for key, value in resource["properties"].items() if key not in without}
    name = resource["id"].replace("/resourceGroups/", "/resourcegroups/")
    return {**resource, "id": name, "properties": shown}


def with_location(answer: Answer) -> Answer:
    """What was made says where it is now, as some services do."""
    return replace(answer, headers={"Location": answer.body["id"]}) if answer.status == 201 else answer


def merged(old, new):
    """A JSON merge patch (RFC 7396)."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    kept = {key: value for key, value in old.items() if not (key in new and new[key] is None)}
    return kept | {key: merged(old.get(key), value) for key, value in new.items() if value is not None}


def page(call: Call, items: list) -> Answer:
    """A list of what the caller may read; in pages if ``$top`` or a fault's ``pageSize`` says so."""
    items = [item for item in items if _may_see(call, item)]
    size = int(call.query.get("$top") or _page_size(call) or len(items) or 1)
    start = int(call.query.get("$skiptoken") or 0)
    body = {"value": items[start : start + size]}
    if start + size < len(items) and "$top" not in call.query:
        collection = "/".join(filter(None, (call.path.id, _collection(call))))
        rest = "".join(f"&{key}={value}" for key, value in call.query.items() if key.startswith("$filter"))
        link = f"{call.cloud.url}{collection}?api-version={call.version}&$skiptoken={start + size}{rest}"
        body["nextLink"] = link
    return Answer(body)


def _may_see(call: Call, item: Document) -> bool:
    """Whether the caller may read an item. A list leaves out the others; it is not refused."""
    type = item.get("type")
    if not type:  # locations, the subscription, the tenant
        return True
    action = f"{type.replace(f'{RESOURCES}/', f'{RESOURCES}/subscriptions/')}/read"
    return access.may(call, item["id"], action)


def _page_size(call: Call) -> int:
    return call.cloud.faults.setting("paging", "pageSize", 0)


def _collection(call: Call) -> str:
    """What follows the id of a collection's owner in its path."""
    namespace = call.path.type.partition("/")[0]
    if call.path.names or namespace == RESOURCES:
        return call.path.tail
    return f"providers/{namespace}/{call.path.tail}"
