"""The section `rehearsal` of invoke.yaml: ports of the stand-ins, and what a scenario changes and asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from aks_flow.core import names
from aks_flow.core.names import EMPTY, fitting

PLACE = "{}"  # where the text stands that changes, in `change.line`
_Line = Annotated[
    str,
    fitting(f"one line that holds {PLACE} once", lambda text: text.isprintable() and text.count(PLACE) == 1),
]


@dataclass(frozen=True)
class RehearsedChange:
    """What a scenario changes of the app.

    file: a file of the project, "" for one of the rehearsal's own beside the Dockerfile, which nobody sees.
    line: how the line reads that changes, with PLACE for the text. path: where the app then shows the text,
    "" if nowhere.
    """

    file: Annotated[names.ProjectFile, EMPTY] = ""
    line: _Line = PLACE
    path: Annotated[names.HttpPath, EMPTY] = ""


@dataclass(frozen=True)
class RehearsalSettings:
    """Loopback ports of the stand-ins: API server, Azure, Ingresses (the registry's is in its own address).

    away: a StatefulSet without whose pods the app is not ready, for a drill; "" if there is none.
    change: what a scenario changes. load: what it asks meanwhile: a path of the contract's Service, or a URL
    in which ``{environment}`` may stand; "": the path that tells the version, or else `change.path`.
    """

    api_port: int
    azure_port: int
    ingress_port: int = 6552
    away: Annotated[names.Label, EMPTY] = ""
    change: RehearsedChange = RehearsedChange()
    load: Annotated[names.HttpPath, names.HTTP_URL, EMPTY] = ""


def faults(settings: RehearsalSettings) -> Iterator[tuple[str, str]]:
    """(path within the section, what is wrong)."""
    for name in ("api_port", "azure_port", "ingress_port"):
        if not 0 < getattr(settings, name) < 65536:
            yield name, "must be a port, 1 to 65535"
    if not settings.change.file and settings.change != RehearsedChange():
        yield "change.file", "is missing: it is the file that holds the line"
