"""A cluster's agent pools: parts of the cluster, with paths of their own."""

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import no_resource
from aks_flow.rehearsal.standins.azure.arm.kind import Kind, page
from aks_flow.rehearsal.standins.azure.resources.clusters import CLUSTERS
from aks_flow.rehearsal.standins.azure.store import Document


class AgentPools(Kind):
    """Read here; changed with the cluster."""

    type = f"{CLUSTERS}/agentPools"

    def list(self, call: Call) -> Answer:
        return page(call, _pools(call, call.place.id))

    def get(self, call: Call) -> Answer:
        pools = _pools(call, call.place.id.rpartition("/agentPools/")[0])
        pool = next((candidate for candidate in pools if candidate["name"] == call.place.name), None)
        if not pool:
            raise no_resource(self.type, "/".join(call.place.names), call.place.group)
        return Answer(pool)


def _pools(call: Call, cluster: str) -> list[Document]:
    managed_cluster = call.world.store.get(RESOURCE, cluster)
    if not managed_cluster:
        raise no_resource(CLUSTERS, call.place.names[0], call.place.group)
    profiles = managed_cluster["properties"]["agentPoolProfiles"]
    kind = f"{CLUSTERS}/agentPools"
    return [
        {
            "id": f"{cluster}/agentPools/{profile['name']}",
            "name": profile["name"],
            "type": kind,
            "properties": {key: value for key, value in profile.items() if key != "name"},
        }
        for profile in profiles
    ]


KINDS = (AgentPools(),)
ACTIONS = {}
