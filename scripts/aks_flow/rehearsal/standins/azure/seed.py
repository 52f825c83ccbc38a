"""What a rehearsal's Azure begins with: a tenant, a subscription, its owner and the signing keys."""

import hmac
import json
import secrets
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes import credentials

NODE = "kubelet"  # the user name with which the cluster's node presents its secret
_FILE = "seed.json"


@dataclass(frozen=True)
class Seed:
    """owner: the application that owns the subscription; person: a user who does. Object ids of each."""

    tenant: str
    subscription: str
    owner: str
    owner_object: str
    owner_secret: str
    person: str
    person_object: str
    admins: str  # the group that both are in
    request_token: str  # GitHub's ACTIONS_ID_TOKEN_REQUEST_TOKEN
    node_secret: str  # with it the cluster's node is its kubelet's identity

    def is_node(self, shown: str) -> bool:
        """Whether what somebody shows is the node's secret."""
        return hmac.compare_digest(shown, self.node_secret)


def make(folder: Path) -> Seed:
    """The folder's seed, certificate and signing key, made unless they are there."""
    credentials.make(folder)
    if not (folder / "signing.pem").is_file():
        credentials.write_private(folder / "signing.pem", _key())
    if not (folder / _FILE).is_file():
        credentials.write_private(folder / _FILE, json.dumps(asdict(_seed()), indent=2))
    return read(folder)


def read(folder: Path) -> Seed:
    return Seed(**json.loads((folder / _FILE).read_text()))


def _seed() -> Seed:
    tenant, subscription, owner, owner_object, person_object = (str(uuid.uuid4()) for _ in range(5))
    return Seed(
        *(tenant, subscription, owner, owner_object, _secret()),
        *("owner@rehearsal.localhost", person_object, str(uuid.uuid4())),
        *(_secret(), _secret()),
    )


def _secret() -> str:
    return secrets.token_hex(24)  # a base64 one may begin with a dash, which az takes for an option


def _key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM
    return key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
