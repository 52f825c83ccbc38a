"""One bearer token opens everything; without it nothing answers."""

import hmac

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api.errors import answer
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError


def middleware(token: str):
    """A middleware that asks for the token."""
    expected = f"Bearer {token}".encode()

    @web.middleware
    async def authenticate(request: web.Request, handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, expected):
            return answer(StatusError(401, "Unauthorized", "Unauthorized"))
        return await handler(request)

    return authenticate
