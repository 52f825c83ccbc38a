"""Which kinds the API serves, and under what name."""

from aks_flow.rehearsal.standins.argocd.api import Api, ApiError, Resource


class Discovery:
    """Looked up once; what was not there is asked for again."""

    def __init__(self, api: Api):
        self._api = api
        self._known: dict[tuple[str, str], Resource] = {}

    async def find(self, api_version: str, kind: str) -> Resource | None:
        if (api_version, kind) not in self._known:
            await self._load(api_version)
        return self._known.get((api_version, kind))

    async def _load(self, api_version: str) -> None:
        root = "/apis" if "/" in api_version else "/api"
        try:
            listing = await self._api.get(f"{root}/{api_version}")
        except ApiError as error:
            if error.code != 404:
                raise
            return
        for entry in listing["resources"]:
            if "/" not in entry["name"]:
                found = Resource(api_version, entry["kind"], entry["name"], entry["namespaced"])
                self._known[api_version, entry["kind"]] = found
