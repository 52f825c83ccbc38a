"""Resource providers: registered with the subscription, or to be."""

from aks_flow.rehearsal.standins.azure.arm.call import Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, page
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.store import Document

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


class Providers(ResourceType):
    """``/subscriptions/S/providers``, and each by name."""

    type = "Microsoft.Resources/subscriptions/providers"

    def list(self, call: Call) -> Answer:
        return page(call, [_provider(call.cloud, namespace) for namespace in NAMESPACES])


class Provider(ResourceType):
    def __init__(self, namespace: str):
        self.type = namespace

    def get(self, call: Call) -> Answer:
        return Answer(_provider(call.cloud, self.type))


def is_registered(cloud: Cloud, namespace: str) -> bool:
    return namespace in _ALWAYS or bool(cloud.store.get(REGISTERED, namespace))


def need_registered(call: Call) -> None:
    """ArmError 409 unless the subscription has registered the call's provider."""
    namespace = call.path.type.partition("/")[0]
    if is_registered(call.cloud, namespace):
        return
    message = (
        f"The subscription is not registered to use namespace '{namespace}'. See "
        "https://aka.ms/rps-not-found for how to register subscriptions."
    )
    raise ArmError(409, "MissingSubscriptionRegistration", message)


def _register(call: Call) -> Answer:
    namespace = call.path.type
    call.cloud.store.put(REGISTERED, namespace, {"namespace": namespace})
    return Answer(_provider(call.cloud, namespace))


def _unregister(call: Call) -> Answer:
    call.cloud.store.remove(REGISTERED, call.path.type)
    return Answer(_provider(call.cloud, call.path.type))


def _provider(cloud: Cloud, namespace: str) -> Document:
    state = "Registered" if is_registered(cloud, namespace) else "NotRegistered"
    root = f"/subscriptions/{cloud.seed.subscription}/providers/{namespace}"
    return {
        "id": root,
        "namespace": namespace,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": state,
        "resourceTypes": [],
    }


RESOURCE_TYPES = (Providers(), *(Provider(namespace) for namespace in NAMESPACES))
ACTIONS = {
    f"{namespace}/{name}": action
    for namespace in NAMESPACES
    for name, action in (("register", _register), ("unregister", _unregister))
}
