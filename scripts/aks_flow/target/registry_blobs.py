"""Blobs of a registry: read and stored as streams, since a layer can be larger than the memory."""

import hashlib
import http.client
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from aks_flow.core.image_ref import ImageRef
from aks_flow.target.registry import RegistryClient
from aks_flow.target.registry_http import (
    ELSEWHERE,
    Endless,
    RegistryAnswer,
    RegistryError,
    connect,
    ended_after,
    is_loopback,
    read,
)

_AGAIN = "Publish it again with `./inv image.push`; the registry's log says more."
_CHUNK = 1 << 20  # bytes
TIMEOUT = 300  # seconds: a registry may answer only once it has put a large layer away
_STORED = (201, 204)
_SLOWEST = 50_000  # bytes a second


@dataclass(frozen=True)
class Blob:
    """A layer or a configuration, as a manifest names it: digest, and size in bytes."""

    digest: str
    size: int


def is_held(registry: RegistryClient, image: ImageRef, blob: Blob) -> bool:
    """Whether the image's repository holds it."""
    return registry.ask("HEAD", image, f"blobs/{blob.digest}").status != 404


class _Proven:
    """A blob's content as it is read: what ends too soon, or has another digest, is an error at its end."""

    def __init__(self, content: BinaryIO, image: ImageRef, blob: Blob):
        algorithm, _, self._digest = blob.digest.partition(":")
        self._content, self._image, self._blob = content, image, blob
        self._hash, self._left = hashlib.new(algorithm), blob.size

    def read(self, size: int) -> bytes:
        data = self._content.read(size)
        self._hash.update(data)
        self._left -= len(data)
        if self._left < 0:
            raise self._error("it is longer than it should be")
        if not data and self._left:
            raise self._error("it ends too soon")
        if not self._left and self._hash.hexdigest() != self._digest:
            raise self._error("it has another digest")
        return data

    def _error(self, what: str) -> RegistryError:
        what = f"the registry's blob {self._blob.digest} is damaged: {what}"
        return RegistryError(what, where=str(self._image), next_step=_AGAIN)


@contextmanager
def opened(registry: RegistryClient, image: ImageRef, blob: Blob) -> Iterator[BinaryIO]:
    """Its content, to be read; RegistryError if the repository does not hold it."""
    if not is_held(registry, image, blob):  # asked first, since the answer brings the authorization
        raise RegistryError(f"the registry lacks its blob {blob.digest}", where=str(image), next_step=_AGAIN)
    scheme = "http" if is_loopback(registry.host) else "https"
    url = f"{scheme}://{registry.host}/v2/{image.repository}/blobs/{blob.digest}"
    headers = registry.authorization(image)
    with _answered(registry, blob, "GET", url, headers=headers) as answer:
        if answer.status not in ELSEWHERE:
            yield _Proven(_checked(registry, image, answer), image, blob)
            return
        url = _location(registry, url, answer)  # no credentials go there
    with _answered(registry, blob, "GET", url) as answer:
        yield _Proven(_checked(registry, image, answer), image, blob)


def store(registry: RegistryClient, image: ImageRef, blob: Blob, content: BinaryIO) -> None:
    """Put a stream away in the image's repository; the registry refuses what has another digest."""
    begun = registry.ask("POST", image, "blobs/uploads/")
    if begun.status == 404:  # a registry that makes no repository by itself
        raise registry.refusal(begun, image)
    scheme = "http" if is_loopback(registry.host) else "https"
    place = urllib.parse.urlsplit(_location(registry, f"{scheme}://{registry.host}/v2/", begun))
    if place.netloc != registry.host:
        raise registry.moved(begun)
    query = "&".join(part for part in (place.query, f"digest={blob.digest}") if part)
    headers = {"Content-Length": str(blob.size), "Content-Type": "application/octet-stream"}
    headers |= registry.authorization(image)
    with _answered(registry, blob, "PUT", place._replace(query=query).geturl(), content, headers) as answer:
        stored = _checked(registry, image, answer)
        named = stored.headers.get("Docker-Content-Digest", blob.digest)
        if stored.status not in _STORED or named != blob.digest:
            raise registry.refusal(RegistryAnswer(stored.status, stored.headers, read(stored)), image)


def mount(registry: RegistryClient, image: ImageRef, blob: Blob, repository: str) -> bool:
    """Let the image's repository have what another one of the same registry holds; False if it cannot."""
    query = urllib.parse.urlencode({"mount": blob.digest, "from": repository})
    return registry.ask("POST", image, f"blobs/uploads/?{query}").status == 201


@contextmanager
def _answered(
    registry: RegistryClient, blob: Blob, method: str, url: str, body: BinaryIO | None = None, headers=None
) -> Iterator[http.client.HTTPResponse]:
    """The answer, on a connection of its own: it is read while another one is written."""
    place = urllib.parse.urlsplit(url)
    try:
        with closing(connect(place.netloc, place.scheme, TIMEOUT)) as connection:
            connection.blocksize = _CHUNK
            with ended_after(connection, TIMEOUT + blob.size / _SLOWEST):
                connection.request(method, place._replace(scheme="", netloc="").geturl(), body, headers or {})
                yield connection.getresponse()
    except Endless as error:
        raise registry.strange(str(error)) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise registry.silence(error) from error


def _location(registry: RegistryClient, base: str, answer: RegistryAnswer | http.client.HTTPResponse) -> str:
    """Where the answer sends on to; RegistryError if that is no address."""
    try:
        url = urllib.parse.urljoin(base, answer.headers.get("Location", ""))
        urllib.parse.urlsplit(url).port  # noqa: B018 - it is read here because only that refuses one that is no number
    except ValueError as error:
        raise registry.moved(answer) from error
    return url


def _checked(
    registry: RegistryClient, image: ImageRef, answer: http.client.HTTPResponse
) -> http.client.HTTPResponse:
    if answer.status >= 400:
        raise registry.refusal(RegistryAnswer(answer.status, answer.headers, read(answer)), image)
    return answer
