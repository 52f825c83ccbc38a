"""The versions of its API that a provider ends: a call by one of them is refused.

Of the others any is taken.
"""

from aks_flow.rehearsal.standins.azure.arm.call import Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError

# The oldest that is taken. Key Vault ends what is older on 27 February 2027, with no exception:
# https://learn.microsoft.com/azure/key-vault/general/migrate-api-version
_OLDEST = {"microsoft.keyvault": "2026-02-01"}
# What the resource manager answers itself, about the provider: by versions of its own.
_RESOURCE_MANAGER = ("", "register")


def check(call: Call) -> None:
    """ArmError 404 for a version that is older."""
    namespace, _, rest = call.path.full_type.partition("/")
    oldest = _OLDEST.get(namespace.lower(), "")
    if rest not in _RESOURCE_MANAGER and call.version < oldest:
        message = (
            f"The resource type '{rest}' could not be found in the namespace '{namespace}' for api version "
            f"'{call.version}'. The supported api-versions are '{oldest}'."
        )
        raise ArmError(404, "InvalidResourceType", message)
