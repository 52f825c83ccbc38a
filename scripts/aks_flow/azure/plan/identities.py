"""Managed identities and whom they trust, as they are -> the lines of a plan about them. Pure."""

from collections.abc import Iterator, Mapping

from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import Facts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, REMOVE, UPDATE, Line, as_wanted
from aks_flow.core.config import Config
from aks_flow.tools.az import Az, identity
from aks_flow.tools.az.identity import AUDIENCE, ISSUER

CREDENTIAL = "github"  # each identity has one credential


def lines(az: Az, config: Config, repository: str, facts: Facts, tags: Mapping[str, str]) -> Iterator[Line]:
    group, wanted = config.azure.group, access.identities(config)
    if not repository:
        do = "Set azure.github.repository to OWNER/NAME."
        yield Line("identities", IMPOSSIBLE, "cannot trust a repository that is not known", do=do)
        return
    for environment, name in wanted.items():
        thing = f"identity {name}"
        if name in facts.identities:
            yield as_wanted(thing)
        else:
            made = identity.create(az, group, name, config.azure.location, tags)
            yield Line(thing, CREATE, "is missing", made)
        found = facts.credentials.get(name, [])
        yield from _trust(az, group, name, access.subject(repository, environment), found)
    for name, found in facts.identities.items():
        if name not in wanted.values() and tags.items() <= (found.get("tags") or {}).items():
            do = identity.delete(az, group, name)
            yield Line(f"identity {name}", REMOVE, "no environment needs it", do)


def _trust(az: Az, group: str, name: str, subject: str, found: list[Mapping]) -> Iterator[Line]:
    thing = f"credential {name}/{CREDENTIAL}"
    trusted = identity.trust(az, group, name, CREDENTIAL, subject)
    own = next((one for one in found if one["name"] == CREDENTIAL), None)
    if own is None:
        yield Line(thing, CREATE, f"is to trust {subject}", trusted)
    elif (own["subject"], own["issuer"], own["audiences"]) != (subject, ISSUER, [AUDIENCE]):
        yield Line(thing, UPDATE, f"trusts {own['subject']}, not {subject}", trusted)
    else:
        yield as_wanted(thing)
    for one in found:
        if one["name"] != CREDENTIAL:
            removed = identity.distrust(az, group, name, one["name"])
            yield Line(f"credential {name}/{one['name']}", REMOVE, f"trusts {one.get('subject')}", removed)
