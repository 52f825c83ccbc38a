"""A registry host that is asked: signed in as it wants, with patience, a sentence for each refusal."""

import base64
import http.client
import json
import threading
import urllib.parse
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from aks_flow.core import trace
from aks_flow.core.command import Secret
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.printable import shortened
from aks_flow.target import registry_token
from aks_flow.target.registry_http import ELSEWHERE, Endless, RegistryAnswer, RegistryError, connect, exchange
from aks_flow.target.registry_token import Challenge

MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_BUSY = (429, 500, 502, 503, 504)
PAUSES = (0.2, 1, 3)  # seconds before a registry that is busy or stumbled is asked again, if it names none
_LONGEST_PAUSE = 30
_HUB = "registry-1.docker.io"
_SAID = 500  # characters of a registry's own words


@dataclass(frozen=True)
class Credentials:
    """What `docker login` stored for a registry."""

    user: str
    password: Secret


class RegistrySession:
    """A registry on a kept connection of each thread. ``host`` is host[:port], "" for Docker Hub."""

    def __init__(
        self,
        host: str,
        credentials: Credentials | None = None,
        renew: Callable[[], Credentials | None] | None = None,
    ):
        """renew: gives new credentials when the registry no longer takes the ones that it took."""
        self.host = host or _HUB
        self._credentials, self._renew = credentials, renew
        self._authorizations: dict[str, dict[str, str]] = {}  # by repository, as tokens are
        self._of_thread = threading.local()

    def authorization(self, image: ImageRef) -> dict[str, str]:
        """The header that the last answer about the image's repository was given to."""
        return self._authorizations.get(image.repository, {})

    def ask(self, method: str, image: ImageRef, path: str, body: bytes = b"", headers=None) -> RegistryAnswer:
        """The answer about the image's repository; 404 is one, RegistryError for what else is refused."""
        send = partial(_patiently, self._send, method, image.repository, path, body, headers or {})
        answer = send()
        if answer.status == 401 and self._authorize(answer, image.repository):
            answer = send()
        if answer.status == 401 and self._renew and (renewed := self._renew()):
            self._credentials = renewed
            answer = send() if self._authorize(answer, image.repository) else answer
        if answer.status >= 400 and answer.status != 404:
            raise self.refusal(answer, image)
        if answer.status in ELSEWHERE and not path.startswith("blobs/"):
            raise self.moved(answer)
        return answer

    @property
    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._of_thread, "connection"):
            self._of_thread.connection = connect(self.host)
        return self._of_thread.connection

    def _send(self, method: str, repository: str, path: str, *words: Any) -> RegistryAnswer:
        with trace.span(f"{method} {self.host}/v2/{repository}/{path}", trace.REQUEST):
            return self._exchange(method, repository, path, *words)

    def _exchange(
        self, method: str, repository: str, path: str, body: bytes, headers: dict[str, str]
    ) -> RegistryAnswer:
        headers = {"Accept": MANIFESTS, **self._authorizations.get(repository, {}), **headers}
        kept = self._connection
        for attempt in (1, 2):  # a kept connection may have been closed by the other side
            try:
                return exchange(kept, method, f"/v2/{repository}/{path}", body or None, headers)
            except Endless as error:
                kept.close()
                raise self.strange(str(error)) from error
            except (OSError, ValueError, http.client.HTTPException) as error:
                kept.close()
                if attempt == 2 or isinstance(error, (ConnectionRefusedError, TimeoutError, ValueError)):
                    raise self.silence(error) from error
        raise AssertionError("unreachable")

    def _authorize(self, answer: RegistryAnswer, repository: str) -> bool:
        """Meet the registry's challenge (RFC 7235; Docker's tokens); False if there is nothing to try."""
        challenge = registry_token.parse(answer.headers.get("WWW-Authenticate", ""))
        if challenge and challenge.scheme == "bearer" and challenge.realm.netloc:
            token = self._token(challenge, repository)
            self._authorizations[repository] = {"Authorization": f"Bearer {token}"}
            return True
        if challenge and challenge.scheme == "basic" and self._credentials:
            self._authorizations[repository] = self._basic()
            return True
        return False

    def _basic(self) -> dict[str, str]:
        if not self._credentials:
            return {}
        pair = f"{self._credentials.user}:{self._credentials.password.reveal()}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _token(self, challenge: Challenge, repository: str) -> str:
        registry_token.check(challenge, self.host, with_password=bool(self._credentials))
        scope = challenge.scope or f"repository:{repository}:pull,push"
        query = urllib.parse.urlencode({"service": challenge.service, "scope": scope})
        realm = challenge.realm
        where = (realm.netloc, realm.scheme, f"{realm.path}?{query}")
        answer = _patiently(self._asked_once, *where, self._basic())
        if answer.status in _BUSY:
            step = "Wait a minute, then run the same command again."
            raise RegistryError(
                f"the registry gives no token ({answer.status})", where=self.host, next_step=step
            )
        said = (
            self.read_json(answer.body) if answer.status == 200 else {}
        )  # a refusal comes again from the registry
        return registry_token.token_of(said, self.host)

    def redirected(self, answer: RegistryAnswer) -> RegistryAnswer:
        """The answer, or what it points to (blobs may be kept elsewhere); no credentials go there."""
        if answer.status not in ELSEWHERE:
            return answer
        try:
            url = urllib.parse.urlsplit(answer.headers["Location"] or "")
        except ValueError as error:
            raise self.moved(answer) from error
        path = url._replace(scheme="", netloc="").geturl()
        return self._asked_once(url.netloc or self.host, url.scheme, path, {})

    def _asked_once(self, host: str, scheme: str, path: str, headers: dict[str, str]) -> RegistryAnswer:
        """The answer to a GET on a connection of its own."""
        try:
            with closing(connect(host, scheme)) as connection:
                return exchange(connection, "GET", path, headers=headers)
        except Endless as error:
            raise self.strange(str(error)) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise self.silence(error) from error

    def read_json(self, body: bytes) -> dict:
        try:
            document = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise self.strange("answers in something other than JSON") from error
        if not isinstance(document, dict):
            raise self.strange("answers with JSON that is no object")
        return document

    def strange(self, what: str) -> RegistryError:
        step = "Is it a registry? Correct the address in invoke.yaml, or look at what stands before it."
        return RegistryError(f"the registry {shortened(what)}", where=self.host, next_step=step)

    def moved(self, answer: RegistryAnswer) -> RegistryError:
        host = _origin(answer.headers.get("Location", "")) or "nowhere"
        step = "If that is the registry, name it in invoke.yaml; no image is asked for at another address."
        return RegistryError(f"the registry sends on to {shortened(host)}", where=self.host, next_step=step)

    def silence(self, error: Exception) -> RegistryError:
        step = "Start it (./inv rehearsal.up starts the rehearsal's), or correct the registry in invoke.yaml."
        return RegistryError(f"the registry does not answer ({error})", where=self.host, next_step=step)

    def refusal(self, answer: RegistryAnswer, image: ImageRef) -> RegistryError:
        words = _errors(answer.body)
        if answer.status in (401, 403):
            step = f"Log in with `docker login {self.host}`, with an account that may push."
        else:
            step = "Look at the registry's log; then run the same command again."
        what = f"the registry answered {answer.status}" + (f": {words}" if words else "")
        return RegistryError(what, where=image.name, next_step=step)


def _patiently(send: Callable[..., RegistryAnswer], *words: Any) -> RegistryAnswer:
    """The answer; if the registry is busy, the last of a few: all that is asked here may be repeated."""
    for pause in PAUSES:
        answer = send(*words)
        if answer.status not in _BUSY:
            return answer
        threading.Event().wait(_asked_pause(answer) or pause)
    return send(*words)


def _origin(url: str) -> str:
    try:
        return urllib.parse.urlsplit(url)._replace(path="", query="", fragment="").geturl()
    except ValueError:
        return ""


def _asked_pause(answer: RegistryAnswer) -> float:
    """The seconds of Retry-After, within reason; 0 if it gives none (a date is no number of seconds)."""
    asked = answer.headers.get("Retry-After", "").strip()
    return min(int(asked[:9]), _LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else 0


def _errors(body: bytes) -> str:
    """The registry's own words, from the specification's error document."""
    try:
        errors = json.loads(body)["errors"]
        words = "; ".join(f"{error['code']}: {error.get('message', '')}" for error in errors)
        return shortened(words, _SAID)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
