"""Managed identities and whom they trust, as they are -> the lines of a plan about them. Pure."""

from collections.abc import Iterator, Mapping

from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, REMOVE, UPDATE, Line, unchanged
from aks_flow.core.config import Config
from aks_flow.tools.az import Az, identity
from aks_flow.tools.az.identity import AUDIENCE, ISSUER

CREDENTIAL = "github"  # each identity has one credential


def lines(
    az: Az, config: Config, repository: str, facts: AzureFacts, tags: Mapping[str, str]
) -> Iterator[Line]:
    """An identity for each GitHub environment whose jobs sign in; those that none needs go."""
    group, names = config.azure.group, access.identities(config)
    if not repository:
        do = "Set azure.github.repository to OWNER/NAME."
        yield Line("identities", IMPOSSIBLE, "cannot trust a repository that is not known", do=do)
        return
    for environment, name in names.items():
        thing = f"identity {name}"
        if name in facts.identities:
            yield unchanged(thing)
        else:
            command = identity.create(az, group, name, config.azure.location, tags)
            yield Line(thing, CREATE, "is missing", command)
        credentials = facts.credentials.get(name, [])
        yield from _credentials(az, group, name, access.subject(repository, environment), credentials)
    for name, existing in facts.identities.items():
        if name not in names.values() and tags.items() <= (existing.get("tags") or {}).items():
            command = identity.delete(az, group, name)
            yield Line(f"identity {name}", REMOVE, "no environment needs it", command)


def _credentials(az: Az, group: str, name: str, subject: str, existing: list[Mapping]) -> Iterator[Line]:
    """The identity's one credential, which trusts ``subject``; all others are to be removed."""
    thing = f"credential {name}/{CREDENTIAL}"
    command = identity.trust(az, group, name, CREDENTIAL, subject)
    own = next((credential for credential in existing if credential["name"] == CREDENTIAL), None)
    if own is None:
        yield Line(thing, CREATE, f"is to trust {subject}", command)
    elif (own["subject"], own["issuer"], own["audiences"]) != (subject, ISSUER, [AUDIENCE]):
        yield Line(thing, UPDATE, f"trusts {own['subject']}, not {subject}", command)
    else:
        yield unchanged(thing)
    for credential in existing:
        other = credential["name"]
        if other != CREDENTIAL:
            command = identity.distrust(az, group, name, other)
            yield Line(f"credential {name}/{other}", REMOVE, f"trusts {credential.get('subject')}", command)
