"""How the rehearsal's cluster is reached, by its kubeconfig: address, certificates and credentials."""

import base64
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import yaml


@dataclass(frozen=True)
class ClusterConnection:
    """server: its URL. tls: whom to trust, and the client's certificate if it has one."""

    server: str
    tls: ssl.SSLContext
    headers: dict[str, str] = field(default_factory=dict)


def read(kubeconfig: Path) -> ClusterConnection:
    """The kubeconfig's current context; JSON and YAML, data inline or in files."""
    config = yaml.safe_load(kubeconfig.read_text())
    context = _named(config["contexts"], config["current-context"])["context"]
    cluster = _named(config["clusters"], context["cluster"])["cluster"]
    user = _named(config["users"], context["user"])["user"]
    tls = ssl.create_default_context(cadata=_data(kubeconfig, cluster, "certificate-authority").decode())
    if "client-certificate-data" in user or "client-certificate" in user:
        _present(tls, _data(kubeconfig, user, "client-certificate"), _data(kubeconfig, user, "client-key"))
    token = user.get("token")
    return ClusterConnection(cluster["server"], tls, {"Authorization": f"Bearer {token}"} if token else {})


def _named(items: list[dict], name: str) -> dict:
    return next(item for item in items if item["name"] == name)


def _data(kubeconfig: Path, part: dict, name: str) -> bytes:
    if f"{name}-data" in part:
        return base64.b64decode(part[f"{name}-data"])
    return (kubeconfig.parent / part[name]).read_bytes()


def _present(tls: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    with tempfile.NamedTemporaryFile() as pair:  # ssl reads files only
        pair.write(certificate + b"\n" + key)
        pair.flush()
        tls.load_cert_chain(pair.name)
