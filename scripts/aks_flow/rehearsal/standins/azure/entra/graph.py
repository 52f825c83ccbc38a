"""The parts of Microsoft Graph that `az role assignment` asks: who the object ids are."""

from aiohttp import web

from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.caller import caller
from aks_flow.rehearsal.standins.azure.entra.principals import principals
from aks_flow.rehearsal.standins.azure.store import Document


class Graph:
    """Service principals, the one person and the one group."""

    def __init__(self, cloud: Cloud):
        self._cloud = cloud

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1.0/directoryObjects/getByIds", self.by_ids),
            web.get("/v1.0/servicePrincipals", self.service_principals),
            web.get("/v1.0/me", self.me),
        ]

    async def by_ids(self, request: web.Request) -> web.Response:
        ids = (await request.json()).get("ids", [])
        return self._answer(request, [entry for entry in self._everybody() if entry["id"] in ids])

    async def service_principals(self, request: web.Request) -> web.Response:
        """With the filter that az sends: ``servicePrincipalNames/any(c:c eq 'CLIENT')``."""
        query_filter = request.query.get("$filter", "")
        matching = [entry for entry in self._everybody() if f"'{entry.get('appId')}'" in query_filter]
        return self._answer(request, matching)

    async def me(self, request: web.Request) -> web.Response:
        return web.json_response(self._person())

    def _answer(self, request: web.Request, entries: list[Document]) -> web.Response:
        try:
            caller(self._cloud, request.headers.get("Authorization", ""), (self._cloud.url,))
        except ArmError as error:
            return web.json_response(error.body, status=error.status)
        return web.json_response({"value": entries})

    def _everybody(self) -> list[Document]:
        kind = "#microsoft.graph.servicePrincipal"
        applications = [
            {
                **{"@odata.type": kind, "id": principal.object_id, "appId": principal.client},
                **{"displayName": principal.name, "servicePrincipalNames": [principal.client]},
            }
            for principal in principals(self._cloud)
        ]
        group = {
            "@odata.type": "#microsoft.graph.group",
            "id": self._cloud.seed.admins,
            "displayName": "admins",
        }
        return [*applications, self._person(), group]

    def _person(self) -> Document:
        name = self._cloud.seed.person
        about = {"id": self._cloud.seed.person_object, "userPrincipalName": name, "displayName": "Owner"}
        return {"@odata.type": "#microsoft.graph.user", **about}
