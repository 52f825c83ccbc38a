"""Responses: content negotiation and JSON bodies."""

import json
from dataclasses import dataclass

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError


@dataclass(frozen=True)
class Form:
    """The form an answer takes. shape: "" (the object itself), Table or PartialObjectMetadata."""

    shape: str = ""
    version: str = "v1"


def negotiate(request: web.Request) -> Form:
    """The first form in Accept that can be served; StatusError 406."""
    for offer in request.headers.get("Accept", "*/*").split(","):
        media, *rest = (part.strip() for part in offer.split(";"))
        options = dict(part.split("=", 1) for part in rest if "=" in part)
        if media not in ("application/json", "application/*", "*/*"):
            continue
        if "as" not in options:
            return Form()
        shape = options["as"].removesuffix("List")
        if options.get("g") == "meta.k8s.io" and shape in ("Table", "PartialObjectMetadata"):
            return Form(shape, options.get("v", "v1"))
    text = "only the following media types are accepted: application/json"
    raise StatusError(406, "NotAcceptable", text)


def dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def reply(value: object, status: int = 200, warnings: list[str] | None = None) -> web.Response:
    """A JSON answer; warnings go into headers, where kubectl shows them."""
    return reply_text(dump(value), status, warnings)


def reply_text(text: bytes, status: int = 200, warnings: list[str] | None = None) -> web.Response:
    """As ``reply``, of what is JSON already."""
    response = web.Response(body=text + b"\n", status=status, content_type="application/json")
    for warning in warnings or ():
        warn(response, warning)
    return response


def warn(response: web.StreamResponse, text: str) -> None:
    """A header that kubectl shows as ``Warning: …``."""
    printable = "".join(
        character if character.isprintable() else " " for character in text
    )  # a header holds nothing else
    quoted = printable.replace("\\", "\\\\").replace('"', '\\"')
    response.headers.add("Warning", f'299 - "{quoted}"')
