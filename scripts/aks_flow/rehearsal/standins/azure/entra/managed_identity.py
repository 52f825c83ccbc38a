"""The managed identity endpoint of a machine in Azure, in App Service's form: two variables lead to it.

https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
"""

from aiohttp import web

from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra import token_response
from aks_flow.rehearsal.standins.azure.entra.principals import Principal, by_client, principals

_PATH = "/msi/token"


def environment(url: str, secret: str) -> dict[str, str]:
    """The variables of a process that is to have the rehearsal's managed identities."""
    return {"IDENTITY_ENDPOINT": f"{url.replace('https', 'http', 1)}{_PATH}", "IDENTITY_HEADER": secret}


class ManagedIdentity:
    """A token for a user-assigned identity, by its client id, object id or resource id."""

    def __init__(self, cloud: Cloud):
        self._cloud = cloud

    def routes(self) -> list[web.RouteDef]:
        return [web.get(_PATH, self.token)]

    async def token(self, request: web.Request) -> web.Response:
        if not self._cloud.seed.is_node(request.headers.get("X-IDENTITY-HEADER", "")):
            return _refusal(401, "the identity header is wrong")
        identity, resource = self._requested_principal(request.query), request.query["resource"]
        if not identity:
            return _refusal(400, "No User Assigned Identity found.")
        answer = token_response.answer(self._cloud, identity, resource)
        about = {"client_id": identity.client, "resource": resource, "token_type": "Bearer"}
        ends = {"expires_on": str(int(self._cloud.now()) + answer["expires_in"])}
        return web.json_response({**about, **ends, "access_token": answer["access_token"]})

    def _requested_principal(self, query) -> Principal | None:
        if "client_id" in query:
            return by_client(self._cloud, query["client_id"])
        identifier = query.get("principal_id") or query.get("mi_res_id") or ""
        known = principals(self._cloud)
        return next(
            (principal for principal in known if identifier in (principal.object_id, principal.resource)),
            None,
        )


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"statusCode": status, "message": message}, status=status)
