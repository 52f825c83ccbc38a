"""The app's settings, read once from the environment and checked whole."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass


class ConfigError(ValueError):
    """A setting that cannot be used; the message names the environment variable."""


@dataclass(frozen=True)
class Config:
    """title: the question. options: the answers, in the order shown. signing_key: equal in all replicas.

    https: whether visitors come by HTTPS. hsts_seconds: how long their browsers shall insist on it.
    """

    title: str
    options: tuple[str, ...]
    redis_url: str
    redis_password: str | None
    signing_key: bytes
    https: bool
    hsts_seconds: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Config":
        """Reads TITLE, OPTIONS (separated by commas), REDIS_URL, REDIS_PASSWORD, SCHEME and HSTS_SECONDS.

        Raises ConfigError.
        """
        password = environ.get("REDIS_PASSWORD") or None
        https = _https(environ.get("SCHEME", "http"))
        return cls(
            title=_title(environ.get("TITLE", "Tabs or spaces?")),
            options=_options(environ.get("OPTIONS", "Tabs,Spaces")),
            redis_url=environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
            redis_password=password,
            signing_key=_signing_key(password),
            https=https,
            hsts_seconds=_hsts_seconds(environ.get("HSTS_SECONDS", "0"), https),
        )


def _title(text: str) -> str:
    if not text.strip():
        raise ConfigError("TITLE is empty: set it to the question that people vote on")
    return text.strip()


def _options(text: str) -> tuple[str, ...]:
    options = tuple(option.strip() for option in text.split(",") if option.strip())
    if len(options) < 2 or len(set(options)) < len(options):
        raise ConfigError(f"OPTIONS is {text!r}: name at least two different answers, separated by commas")
    return options


def _https(scheme: str) -> bool:
    if scheme not in ("http", "https"):
        raise ConfigError(f"SCHEME is {scheme!r}: how do visitors come here, by http or https?")
    return scheme == "https"


def _hsts_seconds(text: str, https: bool) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ConfigError(f"HSTS_SECONDS is {text!r}: a whole number of seconds, or 0")
    if int(text) and not https:
        raise ConfigError(f"HSTS_SECONDS is {text}, but SCHEME is not https: browsers would stay away")
    return int(text)


def _signing_key(password: str | None) -> bytes:
    """Derived from the one secret that all replicas share; without it there is only one process to agree."""
    if password is None:
        return secrets.token_bytes(32)
    return hmac.new(password.encode(), b"vote/csrf", hashlib.sha256).digest()
