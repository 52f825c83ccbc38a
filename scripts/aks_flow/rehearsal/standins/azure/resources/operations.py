"""Where clients ask how far an asynchronous operation is."""

from aks_flow.rehearsal.standins.azure.arm import operations
from aks_flow.rehearsal.standins.azure.arm.kind import Kind
from aks_flow.rehearsal.standins.azure.resources.providers import NAMESPACES


class Status(Kind):
    def __init__(self, namespace: str):
        self.type = f"{namespace}/locations/operations"

    get = staticmethod(operations.status)


class Result(Kind):
    def __init__(self, namespace: str):
        self.type = f"{namespace}/locations/operationResults"

    get = staticmethod(operations.result)


KINDS = tuple(kind(namespace) for namespace in NAMESPACES for kind in (Status, Result))
ACTIONS = {}
