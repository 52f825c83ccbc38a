"""The HTTP exchanges behind a command, as kubectl's own log tells them."""

import json
import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.e2e.conformance import shapes
from tests.e2e.conformance.normal import Normaliser

# A log entry for each exchange, for the request's body and for the response's; the same flag also shows
# when a request waited for its turn, which only a busy machine makes it do.
FLAG = "--vmodule=round_trippers=6,helper=10,request=10"
_ENTRY = re.compile(
    r"^I\d{4} \S+ +\d+ (?:round_trippers|helper|request)\.go:\d+\] "
    r'(?:"Response" verb="(?P<verb>\w+)" url="(?P<url>\S+)" status="(?P<status>\d*)[^\n]*\n'
    r'|"(?P<side>Request|Response) Body" body=(?:<\n(?P<text>(?:\t[^\n]*\n)*) >\n|[^\n]*\n)'
    r'|"Waited before sending request"[^\n]*\n)',
    re.M,
)
VARIES = {"timeout", "timeoutSeconds", "resourceVersion", "hash"}


class Exchange(NamedTuple):
    """line: ``METHOD path STATUS``. kind and shape: of the answer's body, where it is JSON and known."""

    line: str
    kind: str = ""
    shape: object = None


def split(stderr: str) -> tuple[str, list[Exchange]]:
    """Kubectl's stderr -> what it said to the person, and the exchanges."""
    found: list[Exchange] = []
    for entry in _ENTRY.finditer(stderr):
        if entry["verb"]:
            found.append(Exchange(f"{entry['verb']} {path(entry['url'])} {entry['status']}"))
        elif entry["side"] == "Response" and found:
            found[-1] = exchange(found[-1].line, entry["text"] or "")
    return _ENTRY.sub("", stderr), found


def exchange(line: str, text: str) -> Exchange:
    try:
        body = json.loads(text)
    except ValueError:
        return Exchange(line)
    return (
        Exchange(line, body.get("kind", ""), shapes.shape(body)) if isinstance(body, dict) else Exchange(line)
    )


def path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class Likeness(NamedTuple):
    """exchanges: how many took place as recorded; bodies: how many of theirs could be compared; faults."""

    exchanges: int
    bodies: int
    faults: list[str]


def alike(recorded: list[Exchange], live: list[Exchange], ours: Normaliser, theirs: Normaliser) -> Likeness:
    """kubectl does not log every body: only those that it logs are compared."""
    left, count, bodies, faults = list(live), 0, 0, []
    for each in recorded:
        wanted = normal(each.line, ours)
        found = next((other for other in left if normal(other.line, theirs) == wanted), None)
        if found:
            left.remove(found)
            lacking = body_faults(each, found)
            count += not lacking
            bodies += None not in (each.shape, found.shape)
            faults += [f"{each.line}: {fault}" for fault in lacking]
    return Likeness(count, bodies, faults)


def body_faults(recorded: Exchange, live: Exchange) -> list[str]:
    if recorded.shape is None or live.shape is None:
        return []
    if recorded.kind != live.kind:
        return [f"a {live.kind}, not a {recorded.kind}"]
    return [f"lacks {place}" for place in shapes.lacking(recorded.shape, live.shape)]


def normal(entry: str, normaliser: Normaliser) -> str:
    method, url, status = entry.split(" ")
    parts = urlsplit(url)
    query = sorted(f"{key}={unordered(value)}" for key, value in parse_qsl(parts.query) if key not in VARIES)
    status = "200" if status == "304" else status
    return normaliser.string(" ".join([method, parts.path, "&".join(query), status]))


def unordered(selector: str) -> str:
    """A selector's requirements in one order: kubectl writes them as its map gives them."""
    return ",".join(sorted(selector.split(",")))
