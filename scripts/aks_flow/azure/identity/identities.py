"""The identities that jobs may be, from three places: the configuration, a file, or Azure itself."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from aks_flow.azure.identity import access
from aks_flow.azure.identity.audit import Credential, Identity
from aks_flow.azure.plan.facts import Facts
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError

_SHAPE = "identities: [{name: …, credentials: [{name: …, subject: …}], roles: [{role: …, scope: …}]}]"


def configured(config: Config, repository: str) -> list[Identity]:
    """What `azure.up` would make."""
    granted = access.grants(config, config.azure.subscription or "SUBSCRIPTION")
    return [
        Identity(
            name,
            (Credential("github", access.subject(repository, environment)),),
            tuple((grant.role, grant.scope) for grant in granted if grant.who == name),
        )
        for environment, name in access.identities(config).items()
    ]


def live(facts: Facts) -> list[Identity]:
    """Every identity of the group, with all roles of the subscription that it has."""
    return [
        Identity(name, tuple(map(_credential, facts.credentials.get(name, []))), _roles(facts, one))
        for name, one in facts.identities.items()
    ]


def _roles(facts: Facts, identity: Mapping) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one.get("roleDefinitionName") or "", one["scope"])
        for one in facts.assignments
        if one["principalId"] == identity["principalId"]
    )


def written(file: Path) -> list[Identity]:
    """From a file, YAML or JSON; the credentials as az prints them."""
    try:
        entries = yaml.safe_load(file.read_text())["identities"]
        return [_identity(entry) for entry in entries]
    except OSError as error:
        step = "Name a file that can be read with --file, or leave it out for the configured identities."
        raise AksFlowError(f"cannot be read: {error.strerror}", where=str(file), next_step=step) from error
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise AksFlowError(
            "is not a list of identities", where=str(file), next_step=f"Write {_SHAPE}."
        ) from error


def _identity(entry: Mapping) -> Identity:
    roles = tuple((one["role"], one["scope"]) for one in entry.get("roles", []))
    return Identity(entry["name"], tuple(map(_credential, entry["credentials"])), roles)


def _credential(entry: Mapping) -> Credential:
    given = {key: entry[key] for key in ("issuer",) if key in entry}
    if "audiences" in entry:
        given["audiences"] = tuple(entry["audiences"])
    return Credential(entry["name"], entry.get("subject") or "", **given)
