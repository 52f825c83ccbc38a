"""The section `previews`: the environments that pull requests get."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from aks_flow.core import names
from aks_flow.core.config.sections import Environment
from aks_flow.core.names import EMPTY

FOLDER = "preview"  # the usual folder of what they are made of
_LONGEST = 52  # characters: a namespace has 63, and a dash and a pull request's number come behind
_NAME = re.compile(rf"{FOLDER}-[1-9][0-9]{{0,9}}", re.ASCII)

_Beginning = Annotated[
    str,
    names.matching(
        f"1 to {_LONGEST} lower-case letters, digits and '-', with a letter first and no '-' last: "
        "a pull request's number comes behind it",
        f"[a-z]([a-z0-9-]{{0,{_LONGEST - 2}}}[a-z0-9])?",
    ),
]


@dataclass(frozen=True)
class PreviewSettings:
    """What all previews have in common.

    namespace: how the names of their namespaces begin, "" if pull requests get none. overlay, values: as of
    an environment; of `overlay` "" is the usual one. hours: how old a preview's last delivery may get.
    """

    namespace: Annotated[_Beginning, EMPTY] = ""
    overlay: Annotated[names.Folder, EMPTY] = ""
    values: tuple[names.ProjectFile, ...] = ()
    hours: int = 72

    def environment(self, number: int, target: str) -> Environment:
        """That of a pull request: any version is delivered there."""
        place = {"overlay": self.overlay, "values": self.values, "target": target}
        return Environment(f"{self.namespace}-{number}", admits="any", **place)

    def number(self, namespace: str) -> int:
        """The pull request whose preview has a namespace of this name; 0 if it is none."""
        beginning, _, number = namespace.rpartition("-")
        is_own = bool(self.namespace) and beginning == self.namespace
        return int(number) if is_own and is_preview(f"{FOLDER}-{number}") else 0


def name(number: int) -> str:
    """What a pull request's environment is called."""
    return f"{FOLDER}-{number}"


def is_preview(environment: str) -> bool:
    """Whether an environment of this name is a pull request's."""
    return bool(_NAME.fullmatch(environment))


def faults(previews: PreviewSettings, environments: Mapping[str, Environment]) -> Iterator[tuple[str, str]]:
    """The path of a key and what is wrong there."""
    if previews.hours < 1:
        yield "previews.hours", "must be at least 1 hour"
    for called, environment in environments.items():
        if is_preview(called):
            yield f"environments.{called}", "has the name of a pull request's preview"
        if previews.number(environment.namespace):
            what = "is that of a pull request's preview, as previews.namespace has it"
            yield f"environments.{called}.namespace", what
