"""The OCI distribution API, in process: digests, tags, one more tag on a digest.

Specification: https://github.com/opencontainers/distribution-spec. A question costs one or two
milliseconds on a kept connection, a `docker manifest inspect` process thirty.
"""

import hashlib
import re

from aks_flow.core.image_ref import ImageRef
from aks_flow.target.registry_http import RegistryAnswer, RegistryError
from aks_flow.target.registry_session import RegistrySession

_MOST_PAGES = 10_000  # of tags
_STORED = (200, 201, 202, 204)
_ALGORITHMS = ("sha256", "sha512")


class NotWhole(RegistryError):
    """The registry does not hold an image, or not all that it is made of."""


class RegistryClient(RegistrySession):
    """A registry's manifests, tags and documents."""

    def digest(self, image: ImageRef) -> str | None:
        """The digest that ``image``'s tag (or digest) names, or None if the registry does not hold it."""
        answer = self.ask("HEAD", image, f"manifests/{image.digest or image.tag}")
        if answer.status != 404 and not answer.headers["Docker-Content-Digest"]:
            raise self.strange("gives an image without its digest")
        return None if answer.status == 404 else answer.headers["Docker-Content-Digest"]

    def tags(self, image: ImageRef) -> list[str]:
        """All tags of ``image``'s repository; none if the repository does not exist."""
        tags, path, asked = [], "tags/list", set()
        while path:
            if path in asked or len(asked) == _MOST_PAGES:
                raise self.strange("has a list of tags without an end")
            asked.add(path)
            answer = self.ask("GET", image, path)
            if answer.status == 404:
                return []
            tags += self._tags(answer)
            path = _next_page(answer)
        return tags

    def _tags(self, answer: RegistryAnswer) -> list[str]:
        tags = self.read_json(answer.body).get("tags") or []
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise self.strange("has a list of tags that are none")
        return tags

    def tag(self, image: ImageRef, tag: str) -> None:
        """Put one more tag on the image that ``image.digest`` names: the same bytes, so the same digest."""
        self.put_manifest(image, tag, self.manifest(image))

    def manifest(self, image: ImageRef) -> RegistryAnswer:
        """The manifest that ``image.digest`` names, to the byte; RegistryError if it is not there."""
        manifest = self.ask("GET", image, f"manifests/{image.digest}")
        if manifest.status == 404:
            step = "Publish it again with `./inv image.push`."
            raise NotWhole("the registry does not hold this image", where=str(image), next_step=step)
        if not manifest.headers["Content-Type"]:
            raise self.strange("gives a manifest without its type")
        return self._proven(manifest, image.digest)

    def put_manifest(self, image: ImageRef, reference: str, manifest: RegistryAnswer) -> None:
        """Store a manifest under a tag or its digest; the registry must hold all that it names."""
        kind = {"Content-Type": manifest.headers["Content-Type"]}
        stored = self.ask("PUT", image, f"manifests/{reference}", manifest.body, kind)
        if stored.status not in _STORED:  # 404: a registry that makes no repository by itself
            raise self.refusal(stored, image)
        named = stored.headers["Docker-Content-Digest"] or self.digest(_named(image, reference))
        if named != _digest_of(manifest.body, named):
            raise self.strange(f"stored something else than was sent: {named}")

    def document(self, image: ImageRef, path: str) -> dict:
        """A JSON document of the image's repository: ``manifests/DIGEST`` or ``blobs/DIGEST``."""
        answer = self.redirected(self.ask("GET", image, path))
        if answer.status >= 400:
            raise self.refusal(answer, image)
        return self.read_json(self._proven(answer, path.rpartition("/")[2]).body)

    def _proven(self, answer: RegistryAnswer, digest: str) -> RegistryAnswer:
        if _digest_of(answer.body, digest) != digest:
            raise self.strange(f"gives other bytes than {digest}")
        return answer


def _named(image: ImageRef, reference: str) -> ImageRef:
    return image.with_tag("", reference) if ":" in reference else image.with_tag(reference)


def _digest_of(body: bytes, digest: str) -> str:
    """The body's digest by the algorithm of another one; "" if that is unknown."""
    algorithm = (digest or "").partition(":")[0]
    return f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}" if algorithm in _ALGORITHMS else ""


def _next_page(answer: RegistryAnswer) -> str:
    match = re.match(r'<[^>]*/(tags/list\?[^>]*)>;\s*rel="next"', answer.headers.get("Link", ""))
    return match[1] if match else ""
