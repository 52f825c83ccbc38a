"""May the caller do this? Role assignments at the scope or above it, and what their roles permit."""

import fnmatch
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.store import Document

ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
DEFINITIONS = "Microsoft.Authorization/roleDefinitions"
PARTS = ("actions", "notActions", "dataActions", "notDataActions")
SECONDS = 3  # until a new assignment counts, unless a fault says otherwise
_SEE, _PULL = (f"Microsoft.ContainerRegistry/registries/{word}read" for word in ("", "pull/"))
_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}


@cache
def built_in() -> dict[str, Document]:
    """The built-in roles by id: name, actions, notActions, dataActions."""
    return yaml.safe_load(Path(__file__).with_name("roles.yaml").read_text())


def roles(cloud: Cloud) -> dict[str, Document]:
    """The built-in roles, and those that the subscription has made: these have `made`, the whole resource."""
    made = (resource for resource in cloud.store.all(RESOURCE) if resource["type"] == DEFINITIONS)
    return built_in() | {resource["name"]: _permitted(resource) for resource in made}


def _permitted(resource: Document) -> Document:
    """All that the entries of `permissions` permit together."""
    properties = resource["properties"]
    together = {
        part: [action for entry in properties["permissions"] for action in entry.get(part) or ()]
        for part in PARTS
    }
    return {"name": properties["roleName"], "made": resource, **together}


def check(call: Call) -> None:
    """ArmError 403 unless one of the caller's roles permits the call."""
    action, scope = action_of(call), call.path.id or "/"
    if call.path.type == "Microsoft.Resources" or may(call, scope, action):
        return
    message = (
        f"The client '{call.caller.app}' with object id '{call.caller.object_id}' does not have "
        f"authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access "
        "was recently granted, please refresh your credentials."
    )
    raise ArmError(403, "AuthorizationFailed", message)


def may(call: Call, scope: str, action: str) -> bool:
    """True if the caller's roles permit the action; `acr login` may besides see a registry to sign in to.

    In Azure the registry's address follows from its name, and nobody has to see it.
    """
    if permits(call.cloud, call.caller.object_id, scope, action):
        return True
    signs_in = call.command.startswith("acr login") and action == _SEE
    return signs_in and permits(call.cloud, call.caller.object_id, scope, _PULL)


def action_of(call: Call) -> str:
    """``Microsoft.X/things/write``, ``Microsoft.X/things/start/action``."""
    if call.method == "POST":
        return f"{call.path.full_type}/action"
    return f"{call.path.full_type}/{_VERBS[call.method]}"


def permits(cloud: Cloud, principal: str, scope: str, action: str, data: bool = False) -> bool:
    """True if a role of ``principal`` at ``scope`` or above permits the action (or the data action)."""
    kinds = ("dataActions", "notDataActions") if data else ("actions", "notActions")
    return any(
        _matches(action, role.get(kinds[0], ())) and not _matches(action, role.get(kinds[1], ()))
        for role in _assigned_roles(cloud, principal, scope)
    )


def sees_subscription(cloud: Cloud, principal: str) -> bool:
    """True if a role of ``principal`` counts anywhere in it: nobody else is shown that it exists."""
    mine = (
        assignment
        for assignment in assignments(cloud)
        if assignment["properties"]["principalId"] == principal
    )
    return _owns(cloud, principal) or any(_effective(cloud, assignment) for assignment in mine)


def _owns(cloud: Cloud, principal: str) -> bool:
    return principal in (cloud.seed.owner_object, cloud.seed.person_object)


def _assigned_roles(cloud: Cloud, principal: str, scope: str) -> Iterator[Document]:
    owns = _owns(cloud, principal)
    who = (principal, cloud.seed.admins) if owns else (principal,)
    if owns:
        yield built_in()[OWNER]
    known = roles(cloud)
    for assignment in assignments(cloud):
        properties = assignment["properties"]
        above = (scope.lower() + "/").startswith(properties["scope"].lower().rstrip("/") + "/")
        if properties["principalId"] in who and above and _effective(cloud, assignment):
            yield known[properties["roleDefinitionId"].rpartition("/")[2]]


OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


def assignments(cloud: Cloud) -> list[Document]:
    return [resource for resource in cloud.store.all(RESOURCE) if resource["type"] == ASSIGNMENTS]


def _effective(cloud: Cloud, assignment: Document) -> bool:
    """A new assignment counts after a while."""
    delay = cloud.faults.setting("role assignment", "effectiveAfter", SECONDS)
    return cloud.now() >= assignment["properties"]["createdAt"] + delay


def _matches(action: str, patterns) -> bool:
    return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)
