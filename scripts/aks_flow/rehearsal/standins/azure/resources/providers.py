"""Resource providers: registered with the subscription, or to be."""

from aks_flow.rehearsal.standins.azure.arm.call import Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, page
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.store import Document

REGISTERED = "provider"  # the store's kind
NAMESPACES = (
    "Microsoft.Authorization",
    "Microsoft.Compute",
    "Microsoft.ContainerRegistry",
    "Microsoft.ContainerService",
    "Microsoft.KeyVault",
    "Microsoft.KubernetesConfiguration",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.Resources",
    "Microsoft.Storage",
)
SECONDS = 1  # from the request to register until that is so
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
    return _state(cloud, namespace) == "Registered"


def _state(cloud: Cloud, namespace: str) -> str:
    if namespace in _ALWAYS:
        return "Registered"
    registered = cloud.store.get(REGISTERED, namespace)
    if not registered:
        return "NotRegistered"
    return "Registered" if registered["at"] + SECONDS <= cloud.now() else "Registering"


def need_registered(call: Call, *others: str) -> None:
    """ArmError 409 unless the subscription has registered the call's provider, and the others."""
    for namespace in (call.path.type.partition("/")[0], *others):
        if not is_registered(call.cloud, namespace):
            message = (
                f"The subscription is not registered to use namespace '{namespace}'. See "
                "https://aka.ms/rps-not-found for how to register subscriptions."
            )
            raise ArmError(409, "MissingSubscriptionRegistration", message)


def _register(call: Call) -> Answer:
    namespace = call.path.type
    if _state(call.cloud, namespace) == "NotRegistered":
        call.cloud.store.put(REGISTERED, namespace, {"namespace": namespace, "at": call.cloud.now()})
    return Answer(_provider(call.cloud, namespace))


def _unregister(call: Call) -> Answer:
    call.cloud.store.remove(REGISTERED, call.path.type)
    return Answer(_provider(call.cloud, call.path.type))


def _provider(cloud: Cloud, namespace: str) -> Document:
    root = f"/subscriptions/{cloud.seed.subscription}/providers/{namespace}"
    return {
        "id": root,
        "namespace": namespace,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": _state(cloud, namespace),
        "resourceTypes": [],
    }


RESOURCE_TYPES = (Providers(), *(Provider(namespace) for namespace in NAMESPACES))
ACTIONS = {
    f"{namespace}/{name}": action
    for namespace in NAMESPACES
    for name, action in (("register", _register), ("unregister", _unregister))
}
