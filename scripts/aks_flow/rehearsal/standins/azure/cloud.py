"""What every part of the rehearsal's Azure works with."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.rehearsal.standins.azure.faults import Faults
from aks_flow.rehearsal.standins.azure.seed import Seed
from aks_flow.rehearsal.standins.azure.store import DocumentStore
from aks_flow.rehearsal.standins.azure.tokens import Signer


@dataclass(frozen=True)
class Backends:
    """What the Azure resources lead to: the rehearsal's registry (host:port) and its cluster's kubeconfig."""

    registry: str
    kubeconfig: Path


@dataclass(frozen=True)
class Cloud:
    """port: where all of it answers on loopback. now: seconds since the epoch."""

    folder: Path
    port: int
    seed: Seed
    store: DocumentStore
    signer: Signer
    faults: Faults
    backends: Backends
    now: Callable[[], float] = time.time

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    @property
    def url(self) -> str:
        return f"https://{self.host}"
