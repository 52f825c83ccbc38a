"""The identities that jobs may be, from three places: the configuration, a file, or Azure itself."""

from collections.abc import Mapping
from pathlib import Path

from aks_flow.azure.identity import access
from aks_flow.azure.identity.audit import Credential, JobIdentity
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.core import yaml_text
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.tools.az import AUDIENCE
from aks_flow.tools.az.identity import ISSUER

_SHAPE = "identities: [{name: …, credentials: [{name: …, subject: …}], roles: [{role: …, scope: …}]}]"


def configured(config: Config, repository: str) -> list[JobIdentity]:
    """What `azure.up` would make."""
    granted = access.grants(config, config.azure.subscription or "SUBSCRIPTION")
    return [
        JobIdentity(
            name,
            (Credential("github", access.subject(repository, environment)),),
            tuple((grant.role, grant.scope) for grant in granted if grant.who == name),
        )
        for environment, name in access.identities(config).items()
    ]


def live(config: Config, facts: AzureFacts) -> list[JobIdentity]:
    """Every identity of the group, with all roles of the subscription that it has; not those of pods."""
    of_pods = access.vault_readers(config).values()
    return [
        JobIdentity(name, tuple(map(_credential, facts.credentials.get(name, []))), _roles(facts, identity))
        for name, identity in facts.identities.items()
        if name not in of_pods
    ]


def _roles(facts: AzureFacts, identity: Mapping) -> tuple[tuple[str, str], ...]:
    return tuple(
        (assignment.get("roleDefinitionName") or "", assignment["scope"])
        for assignment in facts.assignments
        if assignment["principalId"] == identity["principalId"]
    )


def written(file: Path) -> list[JobIdentity]:
    """From a file, YAML or JSON, with the credentials as az prints them; AksFlowError if it is none such."""
    try:
        entries = yaml_text.load(file.read_bytes())["identities"]
        return [_identity(entry) for entry in entries]
    except OSError as error:
        step = "Name a file that can be read with --file, or leave it out for the configured identities."
        raise AksFlowError(f"cannot be read: {error.strerror}", where=str(file), next_step=step) from error
    except (yaml_text.NotYaml, KeyError, TypeError, AttributeError) as error:
        raise AksFlowError(
            "is not a list of identities", where=str(file), next_step=f"Write {_SHAPE}."
        ) from error


def _identity(entry: Mapping) -> JobIdentity:
    roles = tuple((role["role"], role["scope"]) for role in entry.get("roles", []))
    return JobIdentity(entry["name"], tuple(map(_credential, entry["credentials"])), roles)


def _credential(entry: Mapping) -> Credential:
    """What the entry leaves out is as GitHub's tokens have it."""
    return Credential(
        entry["name"],
        entry.get("subject") or "",
        issuer=entry.get("issuer", ISSUER),
        audiences=tuple(entry.get("audiences", (AUDIENCE,))),
        expression=(entry.get("claimsMatchingExpression") or {}).get("value", ""),
    )
