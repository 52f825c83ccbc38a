"""JSON Web Tokens, signed with RS256 (RFC 7515, 7517, 7519)."""

import base64
import binascii
import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding


class TokenError(Exception):
    """Not a token, or not signed by this key. Its text says which."""


class Signer:
    """One RSA key: signs claims, reads back what it signed, shows its public half."""

    def __init__(self, pem: Path):
        self._key = serialization.load_pem_private_key(pem.read_bytes(), None)
        numbers = self._key.public_key().public_numbers()
        modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        exponent = numbers.e.to_bytes(3, "big")
        self._public = {"kty": "RSA", "use": "sig", "alg": "RS256", "n": _text(modulus), "e": _text(exponent)}
        self.key_id = _text(hashlib.sha256(modulus).digest())[:27]

    def sign(self, claims: dict[str, Any]) -> str:
        head = {"typ": "JWT", "alg": "RS256", "kid": self.key_id, "x5t": self.key_id}
        body = f"{_text(json.dumps(head).encode())}.{_text(json.dumps(claims).encode())}"
        return f"{body}.{_text(self._key.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def read(self, token: str) -> dict[str, Any]:
        """The claims, whatever their time; TokenError unless this key signed them."""
        body, _, signature = token.rpartition(".")
        try:
            claims = json.loads(_bytes(body.partition(".")[2]))
            self._key.public_key().verify(
                _bytes(signature), body.encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except (ValueError, binascii.Error) as error:
            raise TokenError("it is not a JSON Web Token") from error
        except InvalidSignature as error:
            raise TokenError("its signature is not valid") from error
        return claims

    def key_set(self) -> dict[str, Any]:
        """The JSON Web Key Set for others to check signatures with."""
        return {"keys": [{**self._public, "kid": self.key_id, "x5t": self.key_id}]}


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
