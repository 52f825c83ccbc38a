"""Access reviews: the token's holder may do everything."""

from hmac import compare_digest

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import body
from aks_flow.rehearsal.standins.kubernetes.api.responses import reply
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

_USER = {"username": "rehearsal-admin", "groups": ["system:masters", "system:authenticated"]}


_EVERYTHING = {
    "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}],
    "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
    "incomplete": False,
}


async def create(request: web.Request, target: RequestTarget) -> web.Response:
    item = await body.read(request, target)
    body.check_kind(target, item)
    status = _status(request, target.kind, item)
    item |= {"kind": target.kind.kind, "apiVersion": target.kind.api_version, "status": status}
    return reply(item, 201)


def _status(request: web.Request, kind: Kind, item: dict) -> dict:
    if kind == kinds.SELF_SUBJECT_REVIEW:
        return {"userInfo": _USER}
    if kind == kinds.RULES_REVIEW:
        return _EVERYTHING
    if kind == kinds.TOKEN_REVIEW:
        return _token_status(request, (item.get("spec") or {}).get("token"))
    return {"allowed": True}


def _token_status(request: web.Request, token: object) -> dict:
    """The one token is the one with which the review came."""
    own = request.headers.get("Authorization", "").partition(" ")[2]
    if isinstance(token, str) and compare_digest(token.encode(), own.encode()):
        return {"authenticated": True, "user": _USER}
    return {"user": {}, "error": "[invalid bearer token]"}
