"""The tenant, the subscription and its locations."""

from aks_flow.rehearsal.standins.azure.arm import access
from aks_flow.rehearsal.standins.azure.arm.call import Answer, Call
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, page
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.store import Document

LOCATIONS = {"westeurope": "West Europe", "northeurope": "North Europe", "eastus": "East US"}


class Tenants(ResourceType):
    type = "Microsoft.Resources/tenants"

    def list(self, call: Call) -> Answer:
        tenant = call.cloud.seed.tenant
        about = {"displayName": "Rehearsal", "defaultDomain": "rehearsal.localhost", "countryCode": "NL"}
        return page(
            call, [{"id": f"/tenants/{tenant}", "tenantId": tenant, "tenantCategory": "Home", **about}]
        )


class Subscriptions(ResourceType):
    type = "Microsoft.Resources/subscriptions"

    def get(self, call: Call) -> Answer:
        return Answer(_subscription(call.cloud))

    def list(self, call: Call) -> Answer:
        seen = access.sees_subscription(call.cloud, call.caller.object_id)
        return page(call, [_subscription(call.cloud)] if seen else [])


class Locations(ResourceType):
    type = "Microsoft.Resources/subscriptions/locations"

    def list(self, call: Call) -> Answer:
        root = f"/subscriptions/{call.path.subscription}/locations"
        return page(
            call,
            [
                {"id": f"{root}/{name}", "name": name, "displayName": shown, "regionalDisplayName": shown}
                for name, shown in LOCATIONS.items()
            ],
        )


def _subscription(cloud: Cloud) -> Document:
    subscription = cloud.seed.subscription
    return {
        "id": f"/subscriptions/{subscription}",
        "subscriptionId": subscription,
        "tenantId": cloud.seed.tenant,
        "displayName": "Rehearsal",
        "state": "Enabled",
        "subscriptionPolicies": {"quotaId": "PayAsYouGo_2014-09-01", "spendingLimit": "Off"},
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
    }


RESOURCE_TYPES = (Tenants(), Subscriptions(), Locations())
ACTIONS = {}
