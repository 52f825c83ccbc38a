"""The Key Vault and its secrets as they are -> the lines of a plan about them. Pure."""

from collections.abc import Iterator, Mapping

from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, UPDATE, WAIT, Line, unchanged
from aks_flow.core.config import Config
from aks_flow.rollout import namespace_secrets
from aks_flow.tools.az import Az, keyvault


def lines(az: Az, config: Config, facts: AzureFacts, tags: Mapping[str, str]) -> Iterator[Line]:
    """The vault; nothing if the configuration names none."""
    if config.azure.vault:
        yield _vault(az, config, facts, tags)


def _vault(az: Az, config: Config, facts: AzureFacts, tags: Mapping[str, str]) -> Line:
    azure, existing = config.azure, facts.vault
    thing = f"vault {azure.vault}"
    if existing:
        if not existing["properties"].get("enableRbacAuthorization"):
            return Line(thing, UPDATE, "does not ask Azure who may do what", keyvault.ask_roles(az, azure))
        return unchanged(thing)
    own = access.vault_id(azure, facts.subscription).lower()
    if own in (deleted["properties"]["vaultId"].lower() for deleted in facts.deleted_vaults):
        return Line(thing, CREATE, "was removed and can be recovered", keyvault.recover(az, azure))
    if facts.vault_name and not facts.vault_name["nameAvailable"]:
        why = f"cannot be made: {facts.vault_name['message']}"
        return Line(thing, IMPOSSIBLE, why, do="Choose another name in azure.vault.")
    return Line(thing, CREATE, "is missing", keyvault.create(az, azure, tags))


def secrets(az: Az, config: Config, facts: AzureFacts) -> Iterator[Line]:
    """Each one: they follow the roles, which let an administrator put them in."""
    azure = config.azure
    if not azure.vault:
        return
    if facts.vault and facts.secrets is None:
        why = "cannot be read: the role for it may not be effective yet"
        yield Line(f"secrets of {azure.vault}", WAIT, why, keyvault.secrets(az, azure))
        return
    names = [
        name for environment in config.environments_here for name in access.secret_names(config, environment)
    ]
    for name in names:
        if name in (facts.secrets or ()):
            yield unchanged(f"secret {name}")
        else:
            command = keyvault.set_secret(az, azure, name, namespace_secrets.fresh())
            after = "" if facts.vault else f"vault {azure.vault}"
            yield Line(f"secret {name}", CREATE, "is missing", command, after=after)
