"""Lists in pages: each page shows the moment of the first one, as long as the history reaches back to it."""

import base64
import json
from dataclasses import dataclass

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import parameters
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError, bad_request
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore, key_of

_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new "
    "list without the continue parameter, or use the continue token in this response to retrieve the "
    "remainder of the results. Continuing with the provided token results in an inconsistent list - objects "
    "that were created, modified, or deleted between the time the first chunk was returned and now may show "
    "up in the list."
)
_NOW = -1  # the revision in a token that gives up consistency


@dataclass(frozen=True)
class Page:
    """What a request asks for. revision: None for now; after: (namespace, name); limit: 0 for all."""

    revision: int | None
    after: tuple[str, str] | None
    limit: int

    @classmethod
    def of(cls, request: web.Request, store: ObjectStore) -> "Page":
        """StatusError 400, or 410 if the moment is forgotten."""
        limit = parameters.number(request.query, "limit") or 0
        if token := request.query.get("continue"):
            revision, after = _parse(token)
            if 0 <= revision < store.oldest:
                raise _too_old(after)
            return cls(None if revision == _NOW else revision, after, limit)
        exact = request.query.get("resourceVersionMatch") == "Exact"
        return cls(parameters.number(request.query, "resourceVersion") if exact else None, None, limit)

    def cut(self, items: list[dict], revision: int, selected: bool) -> tuple[list[dict], dict]:
        """This page's items, and the list metadata that leads on; what remains is not counted if selected."""
        if self.after:
            items = [item for item in items if key_of(item) > self.after]
        if not self.limit or len(items) <= self.limit:
            return items, {}
        page, left = items[: self.limit], len(items) - self.limit
        more = {"continue": _token(revision, key_of(page[-1]))}
        return page, more if selected else more | {"remainingItemCount": left}


def _too_old(after: tuple[str, str]) -> StatusError:
    error = StatusError(410, "Expired", _TOO_OLD)
    error.metadata = {"continue": _token(_NOW, after)}
    return error


def _token(revision: int, after: tuple[str, str]) -> str:
    text = json.dumps({"v": "meta.k8s.io/v1", "rv": revision, "start": after})
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _parse(token: str) -> tuple[int, tuple[str, str]]:
    try:
        given = json.loads(base64.urlsafe_b64decode(token + "==="))
        namespace, name = given["start"]
        return int(given["rv"]), (str(namespace), str(name))
    except (ValueError, KeyError, TypeError) as error:
        raise bad_request(f"continue key is not valid: {error}") from error
