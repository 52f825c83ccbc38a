"""The tenant, the subscription and its locations."""

from aks_flow.rehearsal.standins.azure.arm.call import Answer, Call
from aks_flow.rehearsal.standins.azure.arm.kind import Kind, page
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.azure.world import World

LOCATIONS = {"westeurope": "West Europe", "northeurope": "North Europe", "eastus": "East US"}


class Tenants(Kind):
    type = "Microsoft.Resources/tenants"

    def list(self, call: Call) -> Answer:
        tenant = call.world.seed.tenant
        about = {"displayName": "Rehearsal", "defaultDomain": "rehearsal.localhost", "countryCode": "NL"}
        return page(
            call, [{"id": f"/tenants/{tenant}", "tenantId": tenant, "tenantCategory": "Home", **about}]
        )


class Subscriptions(Kind):
    type = "Microsoft.Resources/subscriptions"

    def get(self, call: Call) -> Answer:
        return Answer(_subscription(call.world))

    def list(self, call: Call) -> Answer:
        return page(call, [_subscription(call.world)])


class Locations(Kind):
    type = "Microsoft.Resources/subscriptions/locations"

    def list(self, call: Call) -> Answer:
        root = f"/subscriptions/{call.place.subscription}/locations"
        return page(
            call,
            [
                {"id": f"{root}/{name}", "name": name, "displayName": shown, "regionalDisplayName": shown}
                for name, shown in LOCATIONS.items()
            ],
        )


def _subscription(world: World) -> Document:
    subscription = world.seed.subscription
    return {
        "id": f"/subscriptions/{subscription}",
        "subscriptionId": subscription,
        "tenantId": world.seed.tenant,
        "displayName": "Rehearsal",
        "state": "Enabled",
        "subscriptionPolicies": {"quotaId": "PayAsYouGo_2014-09-01", "spendingLimit": "Off"},
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
    }


KINDS = (Tenants(), Subscriptions(), Locations())
ACTIONS = {}
