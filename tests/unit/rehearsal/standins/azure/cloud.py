"""A cloud without a server: a store in memory, a clock that the test moves."""

from pathlib import Path

from aks_flow.rehearsal.standins.azure import seed
from aks_flow.rehearsal.standins.azure.arm.arm_path import parse
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Call
from aks_flow.rehearsal.standins.azure.cloud import Backends, Cloud
from aks_flow.rehearsal.standins.azure.entra.caller import Caller
from aks_flow.rehearsal.standins.azure.faults import Faults
from aks_flow.rehearsal.standins.azure.resources.catalog import ACTIONS, RESOURCE_TYPES
from aks_flow.rehearsal.standins.azure.store import DocumentStore
from aks_flow.rehearsal.standins.azure.tokens import Signer


class Clock:
    """Seconds since the epoch, as the test says."""

    def __init__(self):
        self.time = 1_700_000_000.0

    def __call__(self) -> float:
        return self.time


def make(folder: Path) -> Cloud:
    begun = seed.make(folder)
    backends = Backends("localhost:1", folder / "kubeconfig")
    parts = (DocumentStore(":memory:"), Signer(folder / "signing.pem"), Faults(folder), backends, Clock())
    return Cloud(folder, 6551, begun, *parts)


def ask(cloud: Cloud, method: str, path: str, body: dict | None = None, who: str = ""):
    """An answer of the resource type that a path names, past the server's own checks."""
    caller = Caller(who or cloud.seed.owner_object, "app", cloud.seed.tenant)
    arm_path = parse(path.replace("SUB", f"/subscriptions/{cloud.seed.subscription}"))
    call = Call(cloud, caller, method, arm_path, {"api-version": "2025-01-01"}, body or {})
    if method == "POST":
        return ACTIONS[arm_path.full_type.lower()](call)
    resource_type = RESOURCE_TYPES[
        (arm_path.full_type if method == "GET" and arm_path.tail else arm_path.type).lower()
    ]
    methods = {
        "PUT": resource_type.put,
        "DELETE": resource_type.delete,
        "GET": resource_type.list if arm_path.tail else resource_type.get,
    }
    return methods[method](call)


def resource(cloud: Cloud, path: str) -> dict | None:
    return cloud.store.get(RESOURCE, path.replace("SUB", f"/subscriptions/{cloud.seed.subscription}"))
