"""The role for commands in the cluster, as it is -> the lines of a plan about it. Pure.

No narrow built-in role has these actions: https://learn.microsoft.com/azure/aks/access-private-cluster
"""

from collections.abc import Iterator
from dataclasses import replace

from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import CREATE, REMOVE, Line, unchanged
from aks_flow.core.config.azure import AzureSettings
from aks_flow.tools.az import Az, role

ACTIONS = tuple(
    f"Microsoft.ContainerService/managedClusters/{action}"
    for action in ("read", "runcommand/action", "commandResults/read")
)
_ABOUT = "Commands in the cluster by `az aks command invoke`, and how they ended"


def lines(az: Az, azure: AzureSettings, facts: AzureFacts) -> Iterator[Line]:
    """The definition; nothing if the configuration asks for none."""
    if azure.cluster.invoke != "jobs":
        return
    subscription = azure.cluster.subscription or facts.subscription
    name = access.invoke_role(azure, subscription)
    there = replace(az, subscription=subscription)
    if facts.invoke_role:
        yield unchanged(_thing(name))
    else:
        yield Line(
            _thing(name), CREATE, "is missing", role.create(there, name, _ABOUT, ACTIONS, subscription)
        )


def removal(az: Az, azure: AzureSettings, facts: AzureFacts) -> Iterator[Line]:
    """Once nobody has the role."""
    if facts.invoke_role:
        subscription = azure.cluster.subscription or facts.subscription
        name = access.invoke_role(azure, subscription)
        deleted = role.delete(replace(az, subscription=subscription), name)
        yield Line(_thing(name), REMOVE, "was made by azure.up", deleted)


def _thing(name: str) -> str:
    return f"role definition {name}"
