"""Access reviews: the token's holder may do everything."""

from aiohttp import web

from scripts.rehearsal.cluster import kinds
from scripts.rehearsal.cluster.http import body
from scripts.rehearsal.cluster.http.answer import reply
from scripts.rehearsal.cluster.http.target import Target

_USER = {"username": "rehearsal-admin", "groups": ["system:masters", "system:authenticated"]}


async def create(request: web.Request, target: Target) -> web.Response:
    item = await body.read(request, target)
    body.check_kind(target, item)
    status = {"userInfo": _USER} if target.kind == kinds.SELF_SUBJECT_REVIEW else {"allowed": True}
    item |= {"kind": target.kind.kind, "apiVersion": target.kind.api_version, "status": status}
    return reply(item, 201)
