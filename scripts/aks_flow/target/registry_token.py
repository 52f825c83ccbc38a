"""A registry's challenge, and who may see the password that answers it (RFC 7235; Docker's tokens)."""

import re
import urllib.parse
from dataclasses import dataclass

from aks_flow.target.registry_http import RegistryError, is_loopback

_TOKEN = re.compile(r"[!-~]+")  # what a header can carry (RFC 6750 is stricter)
# Below these, neighbours are strangers to each other: every customer has a name of his own there.
_SHARED = ("azurecr.io", "amazonaws.com", "pkg.dev", "googleusercontent.com", "herokuapp.com")
_SHORT = 3  # letters of what a country lets others register below: co.uk, com.au


@dataclass(frozen=True)
class Challenge:
    """scheme: basic or bearer. realm: where tokens are given. service, scope: what to ask there for."""

    scheme: str
    realm: urllib.parse.SplitResult
    service: str
    scope: str


def parse(header: str) -> Challenge | None:
    """The value of WWW-Authenticate; None if that is no challenge."""
    scheme, _, rest = header.partition(" ")
    said = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    try:
        realm = urllib.parse.urlsplit(said.get("realm", ""))
        realm.port  # noqa: B018 - it is read here because only that refuses one that is no number
    except ValueError:
        return None
    return Challenge(scheme.lower(), realm, said.get("service", ""), said.get("scope", ""))


def check(challenge: Challenge, registry: str, with_password: bool) -> None:
    """RegistryError if tokens are given without TLS, or if the password would go to a host of others."""
    realm, host = challenge.realm, challenge.realm.hostname or ""
    local = is_loopback(registry) and is_loopback(realm.netloc)
    if realm.scheme != "https" and not (realm.scheme == "http" and local):
        raise _unfit(registry, f"gives its tokens without TLS, at {realm.scheme}://{host}")
    own = urllib.parse.urlsplit(f"//{registry}").hostname or ""
    if with_password and not local and not belongs_together(own, host):
        raise _unfit(registry, f"asks for the password at another host, {host}")


def _unfit(registry: str, what: str) -> RegistryError:
    step = "Nothing was sent there. Is the registry's address in invoke.yaml correct?"
    return RegistryError(f"the registry {what}", where=registry, next_step=step)


def belongs_together(registry: str, realm: str) -> bool:
    """Whether two hosts have one owner: the same, or both of one domain, as auth.docker.io is."""
    if registry == realm:
        return True
    domain = registry.partition(".")[2]
    first, _, last = domain.partition(".")
    is_public = not last or domain in _SHARED or ("." not in last and len(first) <= _SHORT)
    return not is_public and (realm == domain or realm.endswith(f".{domain}"))


def token_of(answer: dict, registry: str) -> str:
    """The token in the realm's answer, "" if it gives none; RegistryError if no header can carry it."""
    token = answer.get("token") or answer.get("access_token") or ""
    if token and not (isinstance(token, str) and _TOKEN.fullmatch(token)):
        step = "Look at what stands before the registry; its token is not shown, as it may be a valid one."
        raise RegistryError(
            "the registry gives a token that no request can carry", where=registry, next_step=step
        )
    return token
