"""One request to Azure Resource Manager, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aks_flow.rehearsal.standins.azure.arm.arm_path import ArmPath
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.caller import Caller
from aks_flow.rehearsal.standins.azure.store import Document

RESOURCE = "resource"  # the store's kind of everything that has a resource id


@dataclass(frozen=True)
class Call:
    """query: names in lower case. body: {} if there was none. command: what az says it carries out."""

    cloud: Cloud
    caller: Caller
    method: str
    path: ArmPath
    query: Mapping[str, str]
    body: Document
    command: str = ""

    @property
    def resource(self) -> Document | None:
        """The resource that the call is about, as stored."""
        return self.cloud.store.get(RESOURCE, self.path.id)

    @property
    def version(self) -> str:
        return self.query.get("api-version", "")


@dataclass(frozen=True)
class Answer:
    """body: None for an answer without one."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
