"""Security headers for every response."""

import base64
import hashlib

from flask import Response

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def content_security_policy(style: str, script: str) -> str:
    """Nothing but the page itself, its one style sheet and script (by their hashes) and its drawn icon.

    The script may ask where the page came from, and nobody else.
    """
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def headers(policy: str, hsts_seconds: int) -> dict[str, str]:
    """What every response carries. hsts_seconds: how long browsers shall insist on HTTPS; 0: nothing."""
    hsts = {"Strict-Transport-Security": f"max-age={hsts_seconds}"} if hsts_seconds else {}
    return {**_HEADERS, "Content-Security-Policy": policy, **hsts}


def add_headers(response: Response, headers: dict[str, str]) -> Response:
    response.headers.update(headers)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
