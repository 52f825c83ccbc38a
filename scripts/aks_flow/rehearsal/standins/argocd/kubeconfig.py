"""The API server's address and credentials, from a kubeconfig."""

import base64
import ssl
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from aks_flow.core.errors import AksFlowError

_ANEW = "Make it anew: ./inv rehearsal.down, then ./inv rehearsal.up."


@dataclass(frozen=True)
class Access:
    """Where the API server answers, the bearer token, and whose certificate to trust."""

    server: str
    token: str = field(repr=False)
    trust: ssl.SSLContext


def read(file: Path) -> Access:
    """The current context's; AksFlowError if the file does not say, or has no token."""
    data = yaml.safe_load(file.read_text())
    context = _named(data, "context", data.get("current-context", ""), file)
    cluster = _named(data, "cluster", context["cluster"], file)
    user = _named(data, "user", context["user"], file)
    if "token" not in user:
        raise AksFlowError(f"the user {context['user']} has no token", where=str(file), next_step=_ANEW)
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    trust = ssl.create_default_context(cadata=authority)
    return Access(cluster["server"].rstrip("/"), user["token"], trust)


def _named(data: dict, kind: str, name: str, file: Path) -> dict:
    found = next((entry[kind] for entry in data.get(f"{kind}s", ()) if entry["name"] == name), None)
    if found is None:
        raise AksFlowError(f"there is no {kind} {name!r}", where=str(file), next_step=_ANEW)
    return found
