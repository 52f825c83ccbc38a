"""Role definitions and role assignments."""

import datetime
import re

from aks_flow.rehearsal.standins.azure.arm import access
from aks_flow.rehearsal.standins.azure.arm.call import Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, page
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.store import Document

_FILTER = re.compile(r"(\w+) eq '([^']*)'|(\w+)\((?:'([^']*)')?\)")


class Definitions(ResourceType):
    """The built-in roles, at every scope, and those that the subscription makes itself."""

    type = access.DEFINITIONS
    tracked = False

    def view(self, cloud: Cloud, resource: Document) -> Document:
        return _definition(cloud, resource["name"])

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        requested = body.get("properties") or {}
        _check(call, requested)
        kept = {
            key: requested.get(key) for key in ("roleName", "description", "assignableScopes", "permissions")
        }
        return {**kept, "createdAt": call.cloud.now(), "updatedBy": call.caller.object_id}

    def answered(self, call: Call, resource: Document, status: int) -> Answer:
        """201 for a change too, as in Azure."""
        return Answer(self.view(call.cloud, resource), 201)

    def delete(self, call: Call) -> Answer:
        """Refused while anybody has the role."""
        if any(_role_of(assignment) == call.path.name for assignment in access.assignments(call.cloud)):
            message = (
                "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments)."
            )
            raise ArmError(409, "RoleDefinitionHasAssignments", message)
        shown = self.view(call.cloud, call.resource) if call.resource else None
        gone = super().delete(call)
        return Answer(shown) if shown else gone

    def list(self, call: Call) -> Answer:
        """Without those that were made or changed a moment ago: lists lag behind."""
        role_name = _filters(call).get("rolename", "")
        roles = access.roles(call.cloud).items()
        definitions = [_definition(call.cloud, name) for name, role in roles if _is_told(call.cloud, role)]
        return page(
            call,
            [
                definition
                for definition in definitions
                if not role_name or definition["properties"]["roleName"] == role_name
            ],
        )

    def get(self, call: Call) -> Answer:
        if call.path.name not in access.roles(call.cloud):
            message = f"The specified role definition with ID '{call.path.name}' does not exist."
            raise ArmError(404, "RoleDefinitionDoesNotExist", message)
        return Answer(_definition(call.cloud, call.path.name))


class Assignments(ResourceType):
    """Who has which role where."""

    type = access.ASSIGNMENTS
    tracked = False

    def view(self, cloud: Cloud, resource: Document) -> Document:
        made = resource["properties"]
        kept = {key: made[key] for key in (*_OWN, "updatedBy")}
        return {**resource, "properties": {**_ABOUT, **kept, **_times(made["createdAt"])}}

    def list(self, call: Call) -> Answer:
        """Those at the scope, above it, and unless the filter says ``atScope()`` below it."""
        filters, scope = _filters(call), call.path.id.lower()
        who = filters.get("principalid") or filters.get("assignedto")
        listed = [
            assignment
            for assignment in access.assignments(call.cloud)
            if _related(assignment["properties"]["scope"].lower(), scope, "atscope" in filters)
            and who in (None, assignment["properties"]["principalId"])
        ]
        return page(call, [self.view(call.cloud, assignment) for assignment in listed])

    def delete(self, call: Call) -> Answer:
        """Answers with what was there, as this type does."""
        gone = call.resource
        super().delete(call)
        return Answer(self.view(call.cloud, gone)) if gone else Answer(status=204)

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        requested = body.get("properties") or {}
        if requested.get("roleDefinitionId", "").rpartition("/")[2] not in access.roles(call.cloud):
            raise invalid("The role definition does not exist.", "RoleDefinitionDoesNotExist")
        if old or _same(call, requested):
            raise ArmError(409, "RoleAssignmentExists", "The role assignment already exists.")
        chosen = {key: requested.get(key) for key in ("roleDefinitionId", "principalId", "principalType")}
        made = {"createdAt": call.cloud.now(), "updatedBy": call.caller.object_id}
        return {**chosen, "scope": call.path.scope or "/", **made}


_OWN = ("roleDefinitionId", "principalId", "principalType", "scope")
_ABOUT = dict.fromkeys(
    (
        *("condition", "conditionVersion", "createdBy", "description"),
        "delegatedManagedIdentityResourceId",
    )
)


def _times(moment: float) -> Document:
    stamp = datetime.datetime.fromtimestamp(moment, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
    return {"createdOn": stamp, "updatedOn": stamp}


def _same(call: Call, requested: Document) -> bool:
    return any(
        assignment["properties"]["scope"].lower() == call.path.scope.lower()
        and assignment["properties"]["principalId"] == requested.get("principalId")
        and assignment["properties"]["roleDefinitionId"].lower() == requested["roleDefinitionId"].lower()
        for assignment in access.assignments(call.cloud)
    )


def _related(scope: str, asked: str, at_scope: bool) -> bool:
    above = (asked + "/").startswith(scope.rstrip("/") + "/")
    return above or (not at_scope and (scope + "/").startswith(asked + "/"))


def _filters(call: Call) -> dict[str, str]:
    """``atScope() and principalId eq 'X'`` or ``assignedTo('X')`` -> names in lower case and their values."""
    terms = _FILTER.findall(call.query.get("$filter", ""))
    return {(named or called).lower(): value or given for named, value, called, given in terms}


def _definition(cloud: Cloud, name: str) -> Document:
    role = access.roles(cloud)[name]
    made = (role.get("made") or {}).get("properties") or {}
    about = {"type": "CustomRole" if made else "BuiltInRole", "roleName": role["name"]}
    return {
        "id": f"/subscriptions/{cloud.seed.subscription}/providers/{access.DEFINITIONS}/{name}",
        "type": access.DEFINITIONS,
        "name": name,
        "properties": {
            **about,
            "description": made.get("description") or role["name"],
            "assignableScopes": made.get("assignableScopes", ["/"]),
            "permissions": [{part: role.get(part, []) for part in access.PARTS}],
            **_times(made.get("createdAt", 0)),
            **{"createdBy": None, "updatedBy": made.get("updatedBy")},
        },
    }


def _is_told(cloud: Cloud, role: Document) -> bool:
    made = role.get("made")
    return not made or cloud.now() >= made["properties"]["createdAt"] + access.SECONDS


def _check(call: Call, requested: Document) -> None:
    """ArmError for a role without a name or a scope, or with the name of another."""
    name = requested.get("roleName")
    if not name or not requested.get("assignableScopes"):
        raise invalid("A role needs a name and assignable scopes.", "InvalidRoleDefinition")
    others = (other for key, other in access.roles(call.cloud).items() if key != call.path.name)
    if any(other["name"] == name for other in others):
        message = f"A custom role with the same name already exists in this directory: '{name}'."
        raise ArmError(409, "RoleDefinitionWithSameNameExists", message)


def _role_of(assignment: Document) -> str:
    return assignment["properties"]["roleDefinitionId"].rpartition("/")[2]


RESOURCE_TYPES = (Definitions(), Assignments())
ACTIONS = {}
