"""Resource groups, and the list of what is in them."""

from collections.abc import Mapping

from aks_flow.rehearsal.standins.azure.arm import operations
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, no_group
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, page
from aks_flow.rehearsal.standins.azure.store import Document


class Group(ResourceType):
    """A resource group: made at once, deleted with all that is in it."""

    type = "Microsoft.Resources/subscriptions/resourceGroups"

    def put(self, call: Call) -> Answer:
        old = call.resource
        if old and old["properties"]["provisioningState"] == "Deleting":
            message = (
                f"The resource group '{call.path.name}' is in deprovisioning state and cannot perform this "
                "operation."
            )
            raise ArmError(409, "ResourceGroupBeingDeleted", message)
        location = call.body.get("location", "").replace(" ", "").lower()
        if old and location and location != old["location"]:
            message = (
                f"Invalid resource group location '{location}'. The Resource group already exists in "
                f"location '{old['location']}'."
            )
            raise ArmError(409, "InvalidResourceGroupLocation", message)
        made = self.make(call, call.body, old)
        return Answer(made, 200 if old else 201)

    def make(self, call: Call, body: Document, old: Document | None) -> Document:
        made = super().make(call, body, old) | {"type": "Microsoft.Resources/resourceGroups"}
        if "tags" not in body:  # left out then, not empty
            del made["tags"]
        return call.cloud.store.put(RESOURCE, call.path.id, made)

    def list(self, call: Call) -> Answer:
        resources = call.cloud.store.all(RESOURCE, f"{call.path.id}/resourceGroups/")
        return page(
            call,
            [resource for resource in resources if resource["type"] == "Microsoft.Resources/resourceGroups"],
        )

    def need(self, call: Call) -> Document:
        if not call.resource:
            raise no_group(call.path.name)
        return call.resource

    def delete(self, call: Call) -> Answer:
        group = self.need(call)
        self._state(call.cloud, group, "Deleting")
        operation = operations.begin(call, call.path.id, operations.REMOVE)
        return Answer(status=202, headers=_where(call, operation))


def _where(call: Call, operation: Document) -> Mapping[str, str]:
    path = f"/subscriptions/{call.path.subscription}/operationresults/{operation['id']}"
    return operations.elsewhere(call, operations.LOCATION, path)


class GroupOperations(ResourceType):
    """Where a group's removal is asked for."""

    type = "Microsoft.Resources/subscriptions/operationResults"

    get = staticmethod(operations.result)


class Contents(ResourceType):
    """``…/resources``: what a group or the subscription holds, whatever its type."""

    type = "Microsoft.Resources/subscriptions/resources"

    def list(self, call: Call) -> Answer:
        resources = call.cloud.store.all(RESOURCE, call.path.id + "/")
        query_filter = call.query.get("$filter", "")
        mine = [
            resource for resource in resources if "location" in resource and _matches(resource, query_filter)
        ]
        with_state = "provisioningstate" in call.query.get("$expand", "").lower()
        shown = [resource for resource in mine if not resource["type"].startswith("Microsoft.Resources/")]
        return page(call, [_summary(resource, with_state) for resource in shown])


class GroupContents(Contents):
    type = "Microsoft.Resources/subscriptions/resourceGroups/resources"


def _summary(resource: Document, with_state: bool) -> Document:
    """A resource without its properties; with its state if that was asked for, and it has one."""
    brief = {key: value for key, value in resource.items() if key != "properties"}
    state = resource["properties"].get("provisioningState")
    return brief | ({"provisioningState": state} if with_state and state else {})


def _matches(resource: Document, query_filter: str) -> bool:
    """``resourceType eq 'X' and name eq 'Y'``, the filters that az sends."""
    fields = {"resourcetype": resource["type"], "name": resource["name"], "location": resource["location"]}
    fields["resourcegroup"] = resource["id"].split("/")[4]
    for part in filter(None, query_filter.split(" and ")):
        name, _, value = part.strip("() ").partition(" eq ")
        if fields.get(name.strip().lower(), "").lower() != value.strip("' ").lower():
            return False
    return True


RESOURCE_TYPES = (Group(), GroupOperations(), Contents(), GroupContents())
ACTIONS = {}
