"""The HTTP exchanges behind a command, as kubectl's own log tells them."""

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from tests.e2e.conformance.normal import Normaliser

FLAG = "--vmodule=round_trippers=6"  # one log line an exchange, nothing else
_LOGGED = re.compile(
    r'^I\d{4} \S+ +\d+ round_trippers\.go:\d+\] "Response" verb="(\w+)" url="(\S+)" status="(\d*).*\n', re.M
)
VARIES = {"timeout", "timeoutSeconds", "resourceVersion", "hash"}


def split(stderr: str) -> tuple[str, list[str]]:
    """Kubectl's stderr -> what it said to the person, and the exchanges as ``METHOD path STATUS``."""
    found = [f"{method} {path(url)} {status}" for method, url, status in _LOGGED.findall(stderr)]
    return _LOGGED.sub("", stderr), found


def path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def alike(recorded: Iterable[str], live: Iterable[str], ours: Normaliser, theirs: Normaliser) -> int:
    """How many of the recorded exchanges took place, method, path and status equal."""
    wanted = Counter(normal(entry, ours) for entry in recorded)
    return (wanted & Counter(normal(entry, theirs) for entry in live)).total()


def normal(entry: str, normaliser: Normaliser) -> str:
    method, url, status = entry.split(" ")
    parts = urlsplit(url)
    query = sorted(f"{key}={unordered(value)}" for key, value in parse_qsl(parts.query) if key not in VARIES)
    status = "200" if status == "304" else status
    return normaliser.string(" ".join([method, parts.path, "&".join(query), status]))


def unordered(selector: str) -> str:
    """A selector's requirements in one order: kubectl writes them as its map gives them."""
    return ",".join(sorted(selector.split(",")))
