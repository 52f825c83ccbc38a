"""az: signing in and out, and who is signed in."""

import json

from aks_flow.core.command import Command, Secret, flags
from aks_flow.core.reading import reads, text_of
from aks_flow.tools.az import Az

CREDENTIAL = "client.authentication.k8s.io/v1"  # the form in which kubectl takes a token from a program


def show(az: Az) -> Command:
    """The subscription with its tenant and user; exit code 1 if nobody is signed in."""
    return az.command("account", "show", reads=True)


def login_person(az: Az, tenant: str) -> Command:
    """In a browser, or with a code where there is none; for a terminal."""
    return az.bare("login", *flags(tenant=tenant or None, output="none"))


def login_job(az: Az, client: str, tenant: str, token: Secret) -> Command:
    """As the identity that trusts the job's OIDC token, which travels by standard input."""
    who = flags(service_principal=True, username=client, tenant=tenant)
    return az.bare("login", *who, *flags(federated_token="@-", output="none"), stdin=token)


def token_for_kubectl(az: Az, server: str) -> Command:
    """A token for a cluster's application: JSON with ``token`` and ``expires``, in seconds since 1970."""
    words = flags(resource=server, query="{token:accessToken,expires:expires_on}", output="json")
    return az.bare("account", "get-access-token", *words, reads=True, private=True)


@reads("az", private=True)
def parse_token(text: str) -> dict[str, str | int]:
    """What `token_for_kubectl` asks for."""
    answer = json.loads(text)
    return {"token": text_of(answer["token"]), "expires": int(answer["expires"])}


def choose(az: Az) -> Command:
    """Make the subscription the one that later calls mean."""
    return az.bare("account", "set", *flags(subscription=az.subscription))


def clear(az: Az) -> Command:
    """Forget every sign-in of this folder."""
    return az.bare("account", "clear")
