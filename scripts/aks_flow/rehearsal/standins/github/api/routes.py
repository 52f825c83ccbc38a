"""Method and path -> who answers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from aks_flow.rehearsal.standins.github.api import requests
from aks_flow.rehearsal.standins.github.api.tokens import ApiFault, bearer
from aks_flow.rehearsal.standins.github.event import REPOSITORY
from aks_flow.rehearsal.standins.github.hub import Hub

_PATH = re.compile(rf"/repos/{re.escape(REPOSITORY)}/pulls(?:/(?P<number>\d+)(?P<merge>/merge)?)?")


@dataclass(frozen=True)
class ApiCall:
    """token: who asks. number: of a pull request, 0 for none. values: of the query, or of the body."""

    token: str
    number: int
    values: Mapping


def answer(hub: Hub, method: str, address: str, authorization: str, content: bytes) -> tuple[int, object]:
    """Status and JSON document."""
    try:
        token = bearer(authorization)
        parts = urlsplit(address)
        match = _PATH.fullmatch(parts.path)
        handlers = {"GET": requests.list_all, "POST": requests.create}
        if match and match["number"]:
            handlers = {"PUT": requests.merge} if match["merge"] else {"GET": requests.show}
        if not match or method not in handlers:
            raise ApiFault(404, "Not Found")
        values = _body(content) if content else dict(parse_qsl(parts.query))
        return handlers[method](hub, ApiCall(token, int(match["number"] or 0), values))
    except ApiFault as fault:
        return fault.status, fault.body


def _body(content: bytes) -> dict:
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ApiFault(400, "Problems parsing JSON")
    return body
