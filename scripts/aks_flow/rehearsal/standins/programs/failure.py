"""What apt and dpkg say when they fail, as one sentence with a next step."""

import re
from dataclasses import dataclass

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError

_AGAIN = "then run the same command again: it goes on where it was."


@dataclass(frozen=True)
class _Cause:
    """A cause: how it reads in what apt says (with its details as groups), what it is, and what helps."""

    words: str
    what: str
    step: str


_UNKNOWN_PACKAGE = _Cause(
    r"Unable to locate package (\S+)|Package '?([^\s']+)'? has no installation candidate",
    "there is no such package in apt's sources",
    f"Correct them (below /etc/apt; on Ubuntu they need `universe`); {_AGAIN}",
)
_CAUSES = (  # the first that fits counts: on a full disk a file cannot be fetched either
    _Cause(
        r"No space left on device|enough free space in (\S+?)\.?$",
        "the disk is full",
        f"Free some room (`df -h` shows where; `apt-get clean` drops what was downloaded before); {_AGAIN}",
    ),
    _Cause(
        r"Failed to fetch (\S+)\s+404",
        "the package mirror answers 404",
        f"Correct the mirror in apt's sources (below /etc/apt), or wait until it is complete again; {_AGAIN}",
    ),
    _Cause(
        r"Failed to fetch \S+?//([^/\s]+)\S*\s+(\S.*?)(?: \[IP: .*\])?$",
        "the package mirror cannot be reached",
        f"Is there a network, and does apt need a proxy (Acquire::http::Proxy)? See to it; {_AGAIN}",
    ),
    _UNKNOWN_PACKAGE,
    _Cause(
        r"remove is disabled",
        "packages of yours would be removed",
        f"`apt-get install --simulate` with the same packages says which: decide; {_AGAIN}",
    ),
)


def explain(doing: str, result: Result, refreshed: Result) -> AksFlowError:
    """The error of what was being done. refreshed: what `apt-get update` said before.

    That may be why a package is not known: without a network it fetches nothing, and ends well all the same.
    """
    said = f"{result.text}\n{result.error_text}"
    cause = _cause(said)
    if cause is _UNKNOWN_PACKAGE and (earlier := _cause(refreshed.error_text)):
        said, cause = refreshed.error_text, earlier
    if cause is None:
        last = [line.strip() for line in said.splitlines() if line.strip()][-1:] or ["it said nothing"]
        what = f"{doing} failed: {last[0].removeprefix('E: ')}"
        return AksFlowError(what, next_step=f"Correct what it says; {_AGAIN}")
    details = ", ".join(filter(None, re.search(cause.words, said, re.MULTILINE).groups()))
    what = f"{doing} failed: {cause.what}" + (f" ({details})" if details else "")
    return AksFlowError(what, next_step=cause.step)


def _cause(said: str) -> _Cause | None:
    return next((cause for cause in _CAUSES if re.search(cause.words, said, re.MULTILINE)), None)
