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


def content_security_policy(style: str) -> str:
    """Nothing but the page itself, the one style sheet in it (by its hash) and its drawn icon."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def headers(policy: str, hsts_seconds: int) -> dict[str, str]:
    """What every response carries. hsts_seconds: how long browsers shall insist on HTTPS; 0: nothing."""
    hsts = {"Strict-Transport-Security": f"max-age={hsts_seconds}"} if hsts_seconds else {}
    return {**_HEADERS, "Content-Security-Policy": policy, **hsts}


def add_headers(response: Response, headers: dict[str, str]) -> Response:
    response.headers.update(headers)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
