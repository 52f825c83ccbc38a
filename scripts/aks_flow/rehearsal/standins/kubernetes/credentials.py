"""The stand-in API server's certificate and token, and the kubeconfig that holds both."""

import base64
import datetime
import ipaddress
import json
import os
import secrets
from pathlib import Path

CONTEXT = "rehearsal"
VAULTS = "vault.rehearsal.invalid"  # below it a name for each Key Vault, all of them this machine
_YEAR = datetime.timedelta(days=365)


def make(folder: Path) -> None:
    """Write ``token``, ``tls.key`` and ``tls.crt`` into ``folder`` unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "tls.crt").is_file():
        return
    write_private(folder / "token", secrets.token_urlsafe(32))
    key, certificate = _certificate()
    write_private(folder / "tls.key", key)
    write_private(folder / "tls.crt", certificate)  # written last: its presence means that all is there


def kubeconfig(folder: Path, port: int) -> str:
    """A kubeconfig (JSON, which is YAML) for the server on ``port``, its credentials from ``folder``."""
    authority = base64.b64encode((folder / "tls.crt").read_bytes()).decode()
    server = {"server": f"https://127.0.0.1:{port}", "certificate-authority-data": authority}
    token = (folder / "token").read_text()
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": CONTEXT, "cluster": server}],
            "users": [{"name": CONTEXT, "user": {"token": token}}],
            "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
            "current-context": CONTEXT,
        },
        indent=2,
    )


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, at once whole."""
    draft = file.with_name(file.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        output.write(text)
    draft.replace(file)


def _certificate() -> tuple[str, str]:
    """A key and a self-signed certificate for loopback, both PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "aks-flow rehearsal")])
    now = datetime.datetime.now(datetime.UTC)
    local = ("localhost", f"*.{VAULTS}")
    names = [*map(x509.DNSName, local), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + _YEAR)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private.decode(), certificate.public_bytes(pem).decode()
