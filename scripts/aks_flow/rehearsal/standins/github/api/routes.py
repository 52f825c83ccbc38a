"""Method and path -> who answers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from aks_flow.rehearsal.standins.github.api import comments, labels, releases, requests
from aks_flow.rehearsal.standins.github.api.tokens import Allowance, ApiFault, sender
from aks_flow.rehearsal.standins.github.event import REPOSITORY
from aks_flow.rehearsal.standins.github.hub import Hub

_HERE = f"/repos/{re.escape(REPOSITORY)}"
_QUERIES = "/graphql"  # GraphQL, of all repositories
_ROUTES = (
    (r"/pulls", {"GET": requests.list_all, "POST": requests.create}),
    (r"/pulls/(\d+)", {"GET": requests.show}),
    (r"/pulls/(\d+)/merge", {"PUT": requests.merge}),
    (r"/issues/(\d+)/comments", {"GET": comments.list_all, "POST": comments.create}),
    (r"/issues/comments/(\d+)", {"PATCH": comments.edit}),
    (r"/issues/(\d+)/labels", {"POST": labels.add}),
    (r"/issues/(\d+)/labels/([\w-]+)", {"DELETE": labels.remove}),
    (r"/releases", {"POST": releases.create}),
    (r"/releases/tags/()(.+)", {"GET": releases.show}),
    (_QUERIES, {"POST": releases.find_tag}),
)


@dataclass(frozen=True)
class ApiCall:
    """token: who asks. number: of a pull request or a comment, 0 for none. values: of query or body.

    word: the last of the path, "" if that is the number or fixed.
    """

    token: str
    number: int
    values: Mapping
    word: str


def answer(
    hub: Hub, nobody: Allowance, method: str, address: str, authorization: str, content: bytes
) -> tuple[int, object]:
    """Status and JSON document. nobody: what is left to those without a token."""
    try:
        token = sender(authorization, method == "GET", nobody)
        parts = urlsplit(address)
        handlers, number, word = _route(parts.path)
        if method not in handlers:
            raise ApiFault(404, "Not Found")
        values = _body(content) if content else dict(parse_qsl(parts.query))
        return handlers[method](hub, ApiCall(token, number, values, word))
    except ApiFault as fault:
        return fault.status, fault.body


def _route(path: str) -> tuple[Mapping, int, str]:
    """Who answers each method there, the number and the word in the path; ApiFault if nobody does."""
    for pattern, handlers in _ROUTES:
        if match := re.fullmatch(pattern if pattern == _QUERIES else f"{_HERE}{pattern}", path):
            number, word = (*match.groups(), "", "")[:2]
            return handlers, int(number or 0), unquote(word)
    raise ApiFault(404, "Not Found")


def _body(content: bytes) -> dict:
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ApiFault(400, "Problems parsing JSON")
    return body
