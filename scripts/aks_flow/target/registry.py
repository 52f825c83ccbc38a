"""The OCI distribution API, in process: digests, tags, one more tag on a digest.

Specification: https://github.com/opencontainers/distribution-spec. A question costs one or two
milliseconds on a kept connection, a `docker manifest inspect` process thirty.
"""

import base64
import http.client
import ipaddress
import json
import re
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aks_flow.core import trace
from aks_flow.core.command import Secret
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef

MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
ELSEWHERE = (301, 302, 303, 307, 308)
_BUSY = (429, 500, 502, 503, 504)
TIMEOUT = 10  # seconds for one answer
PAUSES = (0.2, 1, 3)  # seconds before a registry that is busy or stumbled is asked again, if it names none
_LONGEST_PAUSE = 30
_HUB = "registry-1.docker.io"


class RegistryError(AksFlowError):
    """The registry refused, failed or did not answer."""


@dataclass(frozen=True)
class Credentials:
    """What `docker login` stored for a registry."""

    user: str
    password: Secret


@dataclass(frozen=True)
class RegistryAnswer:
    """An HTTP response, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class RegistryClient:
    """One registry host, on a kept connection of each thread. ``host`` is host[:port], "" for Docker Hub."""

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

    def digest(self, image: ImageRef) -> str | None:
        """The digest that ``image``'s tag (or digest) names, or None if the registry does not hold it."""
        answer = self.ask("HEAD", image, f"manifests/{image.digest or image.tag}")
        if answer.status != 404 and not answer.headers["Docker-Content-Digest"]:
            raise self._strange("gives an image without its digest")
        return None if answer.status == 404 else answer.headers["Docker-Content-Digest"]

    def tags(self, image: ImageRef) -> list[str]:
        """All tags of ``image``'s repository; none if the repository does not exist."""
        tags, path = [], "tags/list"
        while path:
            answer = self.ask("GET", image, path)
            if answer.status == 404:
                return []
            tags += self._json(answer.body).get("tags") or []
            path = _next_page(answer)
        return tags

    def tag(self, image: ImageRef, tag: str) -> None:
        """Put one more tag on the image that ``image.digest`` names: the same bytes, so the same digest."""
        self.put_manifest(image, tag, self.manifest(image))

    def manifest(self, image: ImageRef) -> RegistryAnswer:
        """The manifest that ``image.digest`` names, to the byte; RegistryError if it is not there."""
        manifest = self.ask("GET", image, f"manifests/{image.digest}")
        if manifest.status == 404:
            step = "Publish it again with `./inv image.push`."
            raise RegistryError("the registry does not hold this image", where=str(image), next_step=step)
        return manifest

    def put_manifest(self, image: ImageRef, reference: str, manifest: RegistryAnswer) -> None:
        """Store a manifest under a tag or its digest; the registry must hold all that it names."""
        kind = {"Content-Type": manifest.headers["Content-Type"]}
        stored = self.ask("PUT", image, f"manifests/{reference}", manifest.body, kind)
        if stored.status == 404:  # a registry that makes no repository by itself
            raise self.refusal(stored, image)

    def authorization(self, image: ImageRef) -> dict[str, str]:
        """The header that the last answer about the image's repository was given to."""
        return self._authorizations.get(image.repository, {})

    def document(self, image: ImageRef, path: str) -> dict:
        """A JSON document of the image's repository: ``manifests/DIGEST`` or ``blobs/DIGEST``."""
        answer = self._redirected(self.ask("GET", image, path))
        if answer.status >= 400:
            raise self.refusal(answer, image)
        return self._json(answer.body)

    def _redirected(self, answer: RegistryAnswer) -> RegistryAnswer:
        """The answer, or what it points to (blobs may be kept elsewhere); no credentials go there."""
        if answer.status not in ELSEWHERE:
            return answer
        url = urllib.parse.urlsplit(answer.headers["Location"])
        connection = connect(url.netloc or self.host, url.scheme)
        try:
            connection.request("GET", url._replace(scheme="", netloc="").geturl())
            response = connection.getresponse()
            return RegistryAnswer(response.status, response.headers, response.read())
        except OSError as error:
            raise self.silence(error) from error
        finally:
            connection.close()

    def ask(self, method: str, image: ImageRef, path: str, body: bytes = b"", headers=None) -> RegistryAnswer:
        """The answer about the image's repository; 404 is one, RegistryError for what else is refused."""
        send = partial(self._send_patiently, method, image.repository, path, body, headers or {})
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

    def _send_patiently(self, method: str, *words: Any) -> RegistryAnswer:
        """The answer; if the registry is busy, the last of a few: all that is asked here may be repeated."""
        for pause in PAUSES:
            answer = self._send(method, *words)
            if answer.status not in _BUSY:
                return answer
            threading.Event().wait(_asked_pause(answer) or pause)
        return self._send(method, *words)

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
                kept.request(method, f"/v2/{repository}/{path}", body or None, headers)
                response = kept.getresponse()
                return RegistryAnswer(response.status, response.headers, response.read())
            except (OSError, http.client.HTTPException) as error:
                kept.close()
                if attempt == 2 or isinstance(error, (ConnectionRefusedError, TimeoutError)):
                    raise self.silence(error) from error
        raise AssertionError("unreachable")

    def _authorize(self, answer: RegistryAnswer, repository: str) -> bool:
        """Meet the registry's challenge (RFC 7235; Docker's tokens); False if there is nothing to try."""
        scheme, _, rest = answer.headers.get("WWW-Authenticate", "").partition(" ")
        challenge = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        if scheme.lower() == "bearer" and urllib.parse.urlsplit(challenge.get("realm", "")).netloc:
            token = self._token(challenge, repository)
            self._authorizations[repository] = {"Authorization": f"Bearer {token}"}
            return True
        if scheme.lower() == "basic" and self._credentials:
            self._authorizations[repository] = self._basic()
            return True
        return False

    def _basic(self) -> dict[str, str]:
        if not self._credentials:
            return {}
        pair = f"{self._credentials.user}:{self._credentials.password.reveal()}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _token(self, challenge: dict[str, str], repository: str) -> str:
        realm = urllib.parse.urlsplit(challenge["realm"])
        scope = challenge.get("scope") or f"repository:{repository}:pull,push"
        query = urllib.parse.urlencode({"service": challenge.get("service", ""), "scope": scope})
        connection = connect(realm.netloc, realm.scheme)
        try:
            connection.request("GET", f"{realm.path}?{query}", headers=self._basic())
            response = connection.getresponse()
            body = response.read() if response.status == 200 else b"{}"  # refused: the registry says so again
        except (OSError, http.client.HTTPException) as error:
            raise self.silence(error) from error
        finally:
            connection.close()
        answer = self._json(body)
        return answer.get("token") or answer.get("access_token") or ""

    def _json(self, body: bytes) -> dict:
        try:
            document = json.loads(body)
        except ValueError as error:
            raise self._strange("answers in something other than JSON") from error
        if not isinstance(document, dict):
            raise self._strange("answers with JSON that is no object")
        return document

    def _strange(self, what: str) -> RegistryError:
        step = "Is it a registry? Correct the address in invoke.yaml, or look at what stands before it."
        return RegistryError(f"the registry {what}", where=self.host, next_step=step)

    def moved(self, answer: RegistryAnswer) -> RegistryError:
        location = urllib.parse.urlsplit(answer.headers.get("Location", ""))
        host = location._replace(path="", query="").geturl() or "nowhere"
        step = "If that is the registry, name it in invoke.yaml; no image is asked for at another address."
        return RegistryError(f"the registry sends on to {host}", where=self.host, next_step=step)

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


def is_loopback(host: str) -> bool:
    """True for localhost and loopback addresses, port or not: Docker speaks plain HTTP to these."""
    name = urllib.parse.urlsplit(f"//{host}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def connect(host: str, scheme: str = "", timeout: int = TIMEOUT) -> http.client.HTTPConnection:
    plain = scheme == "http" or (not scheme and is_loopback(host))
    kind = http.client.HTTPConnection if plain else http.client.HTTPSConnection
    return kind(host, timeout=timeout)


def _asked_pause(answer: RegistryAnswer) -> float:
    """The seconds of Retry-After, within reason; 0 if it gives none (a date is no number of seconds)."""
    asked = answer.headers.get("Retry-After", "").strip()
    return min(int(asked[:9]), _LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else 0


def _next_page(answer: RegistryAnswer) -> str:
    match = re.match(r'<[^>]*/(tags/list\?[^>]*)>;\s*rel="next"', answer.headers.get("Link", ""))
    return match[1] if match else ""


def _errors(body: bytes) -> str:
    """The registry's own words, from the specification's error document."""
    try:
        errors = json.loads(body)["errors"]
        return "; ".join(f"{error['code']}: {error.get('message', '')}" for error in errors)
    except (ValueError, KeyError, TypeError):
        return ""
