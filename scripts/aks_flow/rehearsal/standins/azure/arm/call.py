"""One request to Azure Resource Manager, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aks_flow.rehearsal.standins.azure.arm.place import Place
from aks_flow.rehearsal.standins.azure.entra.caller import Caller
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.azure.world import World

RESOURCE = "resource"  # the store's kind of everything that has a resource id


@dataclass(frozen=True)
class Call:
    """query: names in lower case. body: {} if there was none. command: what az says it carries out."""

    world: World
    caller: Caller
    method: str
    place: Place
    query: Mapping[str, str]
    body: Document
    command: str = ""

    @property
    def resource(self) -> Document | None:
        """The resource that the call is about, as stored."""
        return self.world.store.get(RESOURCE, self.place.id)

    @property
    def version(self) -> str:
        return self.query.get("api-version", "")


@dataclass(frozen=True)
class Answer:
    """body: None for an answer without one."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
