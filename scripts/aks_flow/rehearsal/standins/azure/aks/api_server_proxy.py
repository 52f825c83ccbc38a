"""The API server's endpoints, ``/aks/GROUP/NAME/…``: permitted requests with an Entra token are passed on.

A private cluster answers only those inside: the pods of `az aks command invoke`.
"""

import asyncio
import secrets

from aiohttp import ClientError, ClientSession, WSMsgType, web

from aks_flow.rehearsal.standins.azure.aks import cluster_connection, kubernetes_roles, request
from aks_flow.rehearsal.standins.azure.aks.kubernetes_roles import Held
from aks_flow.rehearsal.standins.azure.aks.request import RequestedAction
from aks_flow.rehearsal.standins.azure.arm import access
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.caller import caller
from aks_flow.rehearsal.standins.azure.resources.clusters import CLUSTERS, is_stopped, the_cluster
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.azure.tokens import TokenError

SERVER_APP = "6dae42f8-4368-4678-94ff-3960e28e3630"  # what tokens for any AKS cluster are for
_LEFT_OUT = ("host", "authorization", "connection", "transfer-encoding", "content-length")


class ApiServerProxy:
    """The aiohttp handler of every cluster's API."""

    def __init__(self, cloud: Cloud, session: ClientSession):
        self._cloud, self._session = cloud, session

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/aks/{group}/{name}{path:(/.*)?}", self.handle)]

    async def handle(self, asked: web.Request) -> web.StreamResponse:
        cluster = self._cluster(asked)
        if not cluster:
            return _status(404, "NotFound", "there is no such cluster")
        if is_stopped(cluster):
            return _status(
                503, "ServiceUnavailable", "it is stopped: in Azure nobody would know its name now"
            )
        who = self._who(cluster, asked.headers.get("Authorization", ""))
        if not who:
            return _status(401, "Unauthorized", "Unauthorized")
        path = asked.match_info["path"] or "/"
        about = request.requested_action(asked.method, path, asked.query.get("watch") in ("true", "1"))
        try:
            if who != LOCAL and about and not await self._permits(cluster, who, about):
                return _status(403, "Forbidden", _forbidden(who, about))
            return await self._pass_on(asked, path)
        except ClientError as error:
            return _status(503, "ServiceUnavailable", f"the rehearsal's cluster does not answer: {error}")

    def _cluster(self, asked: web.Request) -> Document | None:
        group, name = asked.match_info["group"], asked.match_info["name"]
        root = f"/subscriptions/{self._cloud.seed.subscription}/resourceGroups/{group}"
        return the_cluster(self._cloud, f"{root}/providers/{CLUSTERS}/{name}")

    def _who(self, cluster: Document, authorization: str) -> str:
        """The caller's object id, `LOCAL` for the cluster's own account, "" for nobody."""
        token = authorization.removeprefix("Bearer ")
        try:
            if self._cloud.signer.read(token).get("local") == cluster["id"]:
                return "" if cluster["properties"].get("disableLocalAccounts") else LOCAL
            return caller(self._cloud, authorization, (SERVER_APP,)).object_id
        except (TokenError, ArmError):
            return ""

    async def _permits(self, cluster: Document, who: str, about: RequestedAction) -> bool:
        """As in AKS: Azure's roles, and where they do not permit Kubernetes' own."""
        scope = cluster["id"] + (f"/namespaces/{about.namespace}" if about.namespace else "")
        if about.resource in ("selfsubjectaccessreviews", "selfsubjectreviews"):
            return True
        if access.permits(self._cloud, who, scope, about.action, data=True):
            return True
        roles, bindings = kubernetes_roles.paths(about.namespace)
        held = Held(await self._items(roles), await self._items(bindings))
        return kubernetes_roles.permits(held, who, about)

    async def _items(self, paths: tuple[str, ...]) -> list[Document]:
        """The objects of lists, each with its kind, which lists leave out."""
        behind, items = cluster_connection.read(self._cloud.backends.kubeconfig), []
        for path in paths:
            url = f"{behind.server}{path}"
            async with self._session.get(url, headers=behind.headers, ssl=behind.tls) as answer:
                listed = await answer.json()
            kind = listed.get("kind", "").removesuffix("List")
            items += [{"kind": kind, **item} for item in listed.get("items") or ()]
        return items

    async def _pass_on(self, asked: web.Request, path: str) -> web.StreamResponse:
        behind = cluster_connection.read(self._cloud.backends.kubeconfig)
        headers = {k: v for k, v in asked.headers.items() if k.lower() not in _LEFT_OUT} | behind.headers
        url = f"{behind.server}{path}" + (f"?{asked.query_string}" if asked.query_string else "")
        if asked.headers.get("Upgrade", "").lower() == "websocket":
            return await self._converse(asked, url, behind)
        body = await asked.read()
        async with self._session.request(
            asked.method, url, headers=headers, data=body or None, ssl=behind.tls, allow_redirects=False
        ) as answer:
            kept = {k: v for k, v in answer.headers.items() if k.lower() not in _LEFT_OUT}
            passed = web.StreamResponse(status=answer.status, headers=kept)
            await passed.prepare(asked)
            async for chunk in answer.content.iter_any():
                await passed.write(chunk)
            await passed.write_eof()
            return passed

    async def _converse(
        self, asked: web.Request, url: str, behind: cluster_connection.ClusterConnection
    ) -> web.StreamResponse:
        """exec, attach and port-forward: messages both ways until one side ends."""
        protocols = [
            protocol.strip() for protocol in asked.headers.get("Sec-WebSocket-Protocol", "").split(",")
        ]
        async with self._session.ws_connect(
            url, protocols=protocols, headers=behind.headers, ssl=behind.tls, max_msg_size=0
        ) as inner:
            outer = web.WebSocketResponse(
                protocols=[inner.protocol] if inner.protocol else [], max_msg_size=0
            )
            await outer.prepare(asked)
            ways = [asyncio.create_task(_copy(*pair)) for pair in ((outer, inner), (inner, outer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await outer.close()
            return outer


LOCAL = "local"  # not an object id: those are GUIDs


def local_token(cloud: Cloud, cluster: Document) -> str:
    """The token of the cluster's own account, which ends with the cluster."""
    now = int(cloud.now())
    return cloud.signer.sign({"local": cluster["id"], "iat": now, "jti": secrets.token_hex(8)})


async def _copy(source, target) -> None:
    async for message in source:
        if message.type == WSMsgType.BINARY:
            await target.send_bytes(message.data)
        elif message.type == WSMsgType.TEXT:
            await target.send_str(message.data)
    await target.close()


def _forbidden(who: str, about: RequestedAction) -> str:
    what = f"{about.resource}.{about.group}" if about.group else about.resource
    named = f' "{about.name}"' if about.name else ""
    where = f' in the namespace "{about.namespace}"' if about.namespace else " at the cluster scope"
    return (
        f'{what}{named} is forbidden: User "{who}" cannot {about.verb} resource "{about.resource}" in API '
        f'group "{about.group}"{where}: User does not have access to the resource in Azure. Update role '
        "assignment to allow access."
    )


def _status(code: int, reason: str, message: str) -> web.Response:
    """A Kubernetes Status."""
    body = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code}
    return web.json_response({**body, "reason": reason, "message": message}, status=code)
