"""The key `gates` of an environment: what the pull path asks for before it brings a version there."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

from aks_flow.core import names
from aks_flow.core.names import EMPTY


@dataclass(frozen=True)
class Soak:
    """How many seconds a version must have been in another environment.

    in_: that one, "" for no such gate.
    """

    in_: Annotated[names.Label, EMPTY] = ""
    seconds: int = 0


@dataclass(frozen=True)
class Gates:
    """soak: time in another environment. checks: names of GitHub's checks of the source commit that must have
    passed. commands: the project's own, which must end with 0. approvals: how many people must have agreed.
    """

    soak: Soak = Soak()
    checks: tuple[names.Sentence, ...] = ()
    commands: tuple[names.CommandLine, ...] = ()
    approvals: int = 0


class Gated(Protocol):
    """What has gates: an environment."""

    gates: Gates


def faults(environments: Mapping[str, Gated]) -> Iterator[tuple[str, str]]:
    """(path in the file, what is wrong)."""
    for name, environment in environments.items():
        key, gates = f"environments.{name}.gates", environment.gates
        yield from ((f"{key}.soak.{field}", what) for field, what in _soak(name, gates.soak, environments))
        if gates.approvals < 0:
            yield f"{key}.approvals", "must not be negative"


def _soak(name: str, soak: Soak, environments: Container[str]) -> Iterator[tuple[str, str]]:
    if soak == Soak():
        return
    if soak.in_ == name or soak.in_ not in environments:
        yield "in", f"must be another environment, not {soak.in_!r}"
    if soak.seconds < 1:
        yield "seconds", "must be at least 1"
