"""CSRF protection without a session: a random cookie, and its signature in the form.

Any replica can check what another handed out, because all derive the same key. A foreign site can
make a browser send the cookie (SameSite aside) but can neither read it nor sign it.
"""

import hashlib
import hmac
import re
import secrets

from flask import Request, Response

COOKIE = "csrf"
FIELD = "csrf"
_NONCE = re.compile(r"[0-9a-f]{32}")


class Csrf:
    """``key`` signs; the cookie is the nonce, the form field its signature."""

    def __init__(self, key: bytes):
        self._key = key

    def nonce(self, request: Request) -> str:
        """The visitor's cookie, or a new one if there is none that we could have made."""
        cookie = request.cookies.get(COOKIE, "")
        return cookie if _NONCE.fullmatch(cookie) else secrets.token_hex(16)

    def token(self, nonce: str) -> str:
        return hmac.new(self._key, nonce.encode(), hashlib.sha256).hexdigest()

    def remember(self, response: Response, nonce: str) -> None:
        response.set_cookie(COOKIE, nonce, httponly=True, samesite="Strict")

    def accepts(self, request: Request) -> bool:
        nonce = request.cookies.get(COOKIE, "")
        sent = request.form.get(FIELD, "")
        return bool(_NONCE.fullmatch(nonce)) and hmac.compare_digest(
            self.token(nonce).encode(), sent.encode()
        )
