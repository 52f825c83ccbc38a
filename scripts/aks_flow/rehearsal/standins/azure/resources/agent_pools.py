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
        found = next((each for each in pools if each["name"] == call.place.name), None)
        if not found:
            raise no_resource(self.type, "/".join(call.place.names), call.place.group)
        return Answer(found)


def _pools(call: Call, cluster: str) -> list[Document]:
    found = call.world.store.get(RESOURCE, cluster)
    if not found:
        raise no_resource(CLUSTERS, call.place.names[0], call.place.group)
    profiles = found["properties"]["agentPoolProfiles"]
    kind = f"{CLUSTERS}/agentPools"
    return [
        {
            "id": f"{cluster}/agentPools/{each['name']}",
            "name": each["name"],
            "type": kind,
            "properties": {key: value for key, value in each.items() if key != "name"},
        }
        for each in profiles
    ]


KINDS = (AgentPools(),)
ACTIONS = {}
