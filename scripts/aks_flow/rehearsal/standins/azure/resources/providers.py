"""Resource providers: registered with the subscription, or to be."""

from aks_flow.rehearsal.standins.azure.arm.call import Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.arm.kind import Kind, page
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.azure.world import World

REGISTERED = "provider"  # the store's kind
NAMESPACES = (
    "Microsoft.Authorization",
    "Microsoft.ContainerRegistry",
    "Microsoft.ContainerService",
    "Microsoft.KeyVault",
    "Microsoft.KubernetesConfiguration",
    "Microsoft.ManagedIdentity",
    "Microsoft.Resources",
)
_ALWAYS = ("Microsoft.Authorization", "Microsoft.Resources")


class Providers(Kind):
    """``/subscriptions/S/providers``, and each by name."""

    type = "Microsoft.Resources/subscriptions/providers"

    def list(self, call: Call) -> Answer:
        return page(call, [_provider(call.world, namespace) for namespace in NAMESPACES])


class Provider(Kind):
    def __init__(self, namespace: str):
        self.type = namespace

    def get(self, call: Call) -> Answer:
        return Answer(_provider(call.world, self.type))


def is_registered(world: World, namespace: str) -> bool:
    return namespace in _ALWAYS or bool(world.store.get(REGISTERED, namespace))


def need_registered(call: Call) -> None:
    """ArmError 409 unless the subscription has registered the call's provider."""
    namespace = call.place.type.partition("/")[0]
    if is_registered(call.world, namespace):
        return
    message = (
        f"The subscription is not registered to use namespace '{namespace}'. See "
        "https://aka.ms/rps-not-found for how to register subscriptions."
    )
    raise ArmError(409, "MissingSubscriptionRegistration", message)


def _register(call: Call) -> Answer:
    namespace = call.place.type
    call.world.store.put(REGISTERED, namespace, {"namespace": namespace})
    return Answer(_provider(call.world, namespace))


def _unregister(call: Call) -> Answer:
    call.world.store.remove(REGISTERED, call.place.type)
    return Answer(_provider(call.world, call.place.type))


def _provider(world: World, namespace: str) -> Document:
    state = "Registered" if is_registered(world, namespace) else "NotRegistered"
    root = f"/subscriptions/{world.seed.subscription}/providers/{namespace}"
    return {
        "id": root,
        "namespace": namespace,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": state,
        "resourceTypes": [],
    }


KINDS = (Providers(), *(Provider(namespace) for namespace in NAMESPACES))
ACTIONS = {
    f"{namespace}/{name}": action
    for namespace in NAMESPACES
    for name, action in (("register", _register), ("unregister", _unregister))
}
