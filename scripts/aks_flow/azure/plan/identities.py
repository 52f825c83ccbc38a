"""Managed identities and whom they trust, as they are -> the lines of a plan about them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, REMOVE, UPDATE, Line, unchanged
from aks_flow.core.config import Config
from aks_flow.tools.az import AUDIENCE, Az, identity
from aks_flow.tools.az.identity import ISSUER

_UNKNOWN = "(the cluster's OIDC issuer)"


@dataclass(frozen=True)
class WantedCredential:
    """Whose tokens an identity is to take. issuer: "" while the cluster that issues them is not there."""

    name: str
    subject: str
    issuer: str = ISSUER


def lines(
    az: Az, config: Config, repository: str, facts: AzureFacts, tags: Mapping[str, str]
) -> Iterator[Line]:
    """An identity for each GitHub environment whose jobs sign in, and for each whose pods read the vault.

    Those that none needs go. What they trust comes after all of them: Azure needs a while to know a new one.
    """
    group = config.azure.group
    if not repository:
        do = "Set azure.github.repository to OWNER/NAME."
        yield Line("identities", IMPOSSIBLE, "cannot trust a repository that is not known", do=do)
        return
    wanted = _of_jobs(config, repository) | _of_pods(config, facts)
    for name in wanted:
        thing = f"identity {name}"
        if name in facts.identities:
            yield unchanged(thing)
        else:
            command = identity.create(az, group, name, config.azure.location, tags)
            yield Line(thing, CREATE, "is missing", command)
    for name, credentials in wanted.items():
        yield from _credentials(az, config, name, credentials, facts.credentials.get(name, []))
    for name, existing in facts.identities.items():
        if name not in wanted and tags.items() <= (existing.get("tags") or {}).items():
            command = identity.delete(az, group, name)
            yield Line(f"identity {name}", REMOVE, "no environment needs it", command)


def _of_jobs(config: Config, repository: str) -> dict[str, list[WantedCredential]]:
    """One credential for each identity: GitHub's tokens for its environment."""
    return {
        name: [WantedCredential("github", access.subject(repository, environment))]
        for environment, name in access.identities(config).items()
    }


def _of_pods(config: Config, facts: AzureFacts) -> dict[str, list[WantedCredential]]:
    """The cluster's tokens for the ServiceAccounts that read the vault, in an environment's namespace."""
    issuer = ((facts.cluster or {}).get("oidcIssuerProfile") or {}).get("issuerUrl") or ""
    return {
        name: [
            WantedCredential(
                f"account-{account}",
                access.account_subject(config.environments_here[environment].namespace, account),
                issuer,
            )
            for account in config.azure.vault_accounts
        ]
        for environment, name in access.vault_readers(config).items()
    }


def _credentials(
    az: Az, config: Config, name: str, wanted: list[WantedCredential], existing: list[Mapping]
) -> Iterator[Line]:
    """What the identity is to trust; all others are to be removed."""
    by_name = {credential["name"]: credential for credential in existing}
    for credential in wanted:
        yield _credential(az, config, name, credential, by_name.pop(credential.name, None))
    for other, credential in by_name.items():
        command = identity.distrust(az, config.azure.group, name, other)
        yield Line(f"credential {name}/{other}", REMOVE, f"trusts {credential.get('subject')}", command)


def _credential(az: Az, config: Config, name: str, wanted: WantedCredential, own: Mapping | None) -> Line:
    thing, subject = f"credential {name}/{wanted.name}", wanted.subject
    after = "" if wanted.issuer else f"cluster {config.azure.cluster.name}"
    issuer = wanted.issuer or _UNKNOWN
    command = identity.trust(az, config.azure.group, name, wanted.name, subject, issuer)
    if own is None:
        return Line(thing, CREATE, f"is to trust {subject}", command, after=after)
    if (own["subject"], own["issuer"], own["audiences"]) == (subject, wanted.issuer, [AUDIENCE]):
        return unchanged(thing)
    if own["issuer"] != wanted.issuer:
        return Line(thing, UPDATE, f"trusts tokens of {own['issuer']}, not of {issuer}", command, after=after)
    return Line(thing, UPDATE, f"trusts {own['subject']}, not {subject}", command, after=after)
