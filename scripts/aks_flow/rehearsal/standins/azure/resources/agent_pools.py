"""A cluster's agent pools: parts of the cluster, with paths of their own."""

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import no_resource
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, page
from aks_flow.rehearsal.standins.azure.resources.clusters import CLUSTERS
from aks_flow.rehearsal.standins.azure.store import Document


class AgentPools(ResourceType):
    """Read here; changed with the cluster."""

    type = f"{CLUSTERS}/agentPools"

    def list(self, call: Call) -> Answer:
        return page(call, _pools(call, call.path.id))

    def get(self, call: Call) -> Answer:
        pools = _pools(call, call.path.id.rpartition("/agentPools/")[0])
        pool = next((candidate for candidate in pools if candidate["name"] == call.path.name), None)
        if not pool:
            raise no_resource(self.type, "/".join(call.path.names), call.path.group)
        return Answer(pool)


def _pools(call: Call, cluster: str) -> list[Document]:
    managed_cluster = call.cloud.store.get(RESOURCE, cluster)
    if not managed_cluster:
        raise no_resource(CLUSTERS, call.path.names[0], call.path.group)
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


RESOURCE_TYPES = (AgentPools(),)
ACTIONS = {}
