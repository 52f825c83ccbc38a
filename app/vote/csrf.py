"""CSRF protection without a session: a random cookie, and its signature in the form.

Any replica can check what another handed out, because all derive the same key. A foreign site can
make a browser send the cookie (SameSite aside) but can neither read it nor sign it. Browsers also say
where a form comes from (Origin, Sec-Fetch-Site): one from elsewhere is refused before its token is looked at.
"""

import hashlib
import hmac
import re
import secrets
import urllib.parse

from flask import Request, Response

_OWN_SITE = ("same-origin", "none")
FIELD = "csrf"
_NONCE = re.compile(r"[0-9a-f]{32}")


class Csrf:
    """``key`` signs; the cookie is the nonce, the form field its signature.

    https: whether visitors come by HTTPS; then the cookie is this host's own, and never sent in clear.
    """

    def __init__(self, key: bytes, https: bool = False):
        self._key, self._https = key, https
        self.cookie = "__Host-csrf" if https else "csrf"

    def nonce(self, request: Request) -> str:
        """The visitor's cookie, or a new one if there is none that we could have made."""
        cookie = request.cookies.get(self.cookie, "")
        return cookie if _NONCE.fullmatch(cookie) else secrets.token_hex(16)

    def token(self, nonce: str) -> str:
        return hmac.new(self._key, nonce.encode(), hashlib.sha256).hexdigest()

    def remember(self, response: Response, nonce: str) -> None:
        response.set_cookie(self.cookie, nonce, httponly=True, samesite="Strict", secure=self._https)

    def accepts(self, request: Request) -> bool:
        return _is_from_here(request) and self._is_signed(request)

    def _is_signed(self, request: Request) -> bool:
        nonce = request.cookies.get(self.cookie, "")
        sent = request.form.get(FIELD, "")
        return bool(_NONCE.fullmatch(nonce)) and hmac.compare_digest(
            self.token(nonce).encode(), sent.encode()
        )


def _is_from_here(request: Request) -> bool:
    """What the browser says; a client that says nothing is judged by its token alone."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own_origin = origin is None or urllib.parse.urlsplit(origin).netloc == request.host
    return own_origin and (site is None or site in _OWN_SITE)
