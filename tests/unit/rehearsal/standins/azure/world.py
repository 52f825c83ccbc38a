"""A world without a server: a store in memory, a clock that the test moves."""

from pathlib import Path

from aks_flow.rehearsal.standins.azure import seed
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Call
from aks_flow.rehearsal.standins.azure.arm.place import parse
from aks_flow.rehearsal.standins.azure.entra.caller import Caller
from aks_flow.rehearsal.standins.azure.faults import Faults
from aks_flow.rehearsal.standins.azure.resources.catalog import ACTIONS, KINDS
from aks_flow.rehearsal.standins.azure.store import Store
from aks_flow.rehearsal.standins.azure.tokens import Signer
from aks_flow.rehearsal.standins.azure.world import Backing, World


class Clock:
    """Seconds since the epoch, as the test says."""

    def __init__(self):
        self.time = 1_700_000_000.0

    def __call__(self) -> float:
        return self.time


def make(folder: Path) -> World:
    begun = seed.make(folder)
    backing = Backing("localhost:1", folder / "kubeconfig")
    parts = (Store(":memory:"), Signer(folder / "signing.pem"), Faults(folder), backing, Clock())
    return World(folder, 6551, begun, *parts)


def ask(world: World, method: str, path: str, body: dict | None = None, who: str = ""):
    """An answer of the resource type that a path names, past the server's own checks."""
    caller = Caller(who or world.seed.owner_object, "app", world.seed.tenant, "arm")
    place = parse(path.replace("SUB", f"/subscriptions/{world.seed.subscription}"))
    call = Call(world, caller, method, place, {"api-version": "2025-01-01"}, body or {})
    if method == "POST":
        return ACTIONS[place.full_type.lower()](call)
    kind = KINDS[(place.full_type if method == "GET" and place.tail else place.type).lower()]
    methods = {"PUT": kind.put, "DELETE": kind.delete, "GET": kind.list if place.tail else kind.get}
    return methods[method](call)


def resource(world: World, path: str) -> dict | None:
    return world.store.get(RESOURCE, path.replace("SUB", f"/subscriptions/{world.seed.subscription}"))
