"""Where clients ask how far an asynchronous operation is."""

from aks_flow.rehearsal.standins.azure.arm import operations
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType
from aks_flow.rehearsal.standins.azure.resources.providers import NAMESPACES


class OperationStatus(ResourceType):
    def __init__(self, namespace: str):
        self.type = f"{namespace}/locations/operations"

    get = staticmethod(operations.status)


class OperationResult(ResourceType):
    def __init__(self, namespace: str):
        self.type = f"{namespace}/locations/operationResults"

    get = staticmethod(operations.result)


RESOURCE_TYPES = tuple(
    resource_type(namespace)
    for namespace in NAMESPACES
    for resource_type in (OperationStatus, OperationResult)
)
ACTIONS = {}
