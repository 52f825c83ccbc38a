"""The section `contract` of invoke.yaml: how the app is asked whether it is well, as frozen values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from aks_flow.core import names
from aks_flow.core.names import EMPTY


@dataclass(frozen=True)
class ToldVersion:
    """Where the app tells its version: GET ``path`` answers JSON with a ``key``, or has a ``header``.

    key: of nested objects with a dot between two, as in build.version. path: "" if it does not tell it.
    """

    path: Annotated[names.HttpPath, EMPTY] = ""
    key: Annotated[names.JsonKey, EMPTY] = ""
    header: Annotated[names.HttpHeader, EMPTY] = ""


@dataclass(frozen=True)
class Contract:
    """service: the Service that is asked, "" if none is. port: its name or number, "" for the unnamed one."""

    service: Annotated[names.ServiceName, EMPTY] = ""
    port: Annotated[str | int, names.SERVICE_PORT, EMPTY] = ""
    version: ToldVersion = ToldVersion()


def faults(contract: Contract) -> Iterator[tuple[str, str]]:
    """(path within the section, what is wrong)."""
    version = contract.version
    if contract.port and not contract.service:
        yield "service", "is missing: `contract.port` is one of its ports"
    if version.path and not contract.service:
        yield "service", "is missing: `contract.version` is asked through it"
    if version.path and bool(version.key) == bool(version.header):
        yield "version", "needs one of `key` and `header`, which says where in the answer the version is"
    if not version.path and (version.key or version.header):
        yield "version.path", "is missing"
