"""An image copied within the rehearsal's registry, between repositories: manifests, their blobs mounted.

Specification: https://github.com/opencontainers/distribution-spec
"""

import http.client
import json
from dataclasses import dataclass

from aks_flow.core import image_ref
from aks_flow.image import names
from aks_flow.target.registry_session import MANIFESTS


class CopyError(Exception):
    """What the registry refused, in one sentence."""


@dataclass(frozen=True)
class Copy:
    """host: host:port of the registry. source, target: repositories."""

    host: str
    source: str
    target: str

    def has(self, tag: str) -> bool:
        """Whether the target has the tag already; CopyError."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            path = f"/v2/{self.target}/manifests/{tag}"
            return _ask(connection, "HEAD", path, headers={"Accept": MANIFESTS})[0] == 200
        except OSError as error:
            raise CopyError(f"the registry does not answer: {error}") from error
        finally:
            connection.close()

    def run(self, reference: str, tag: str) -> None:
        """Copy what a tag or digest of the source names to the target's tag; CopyError.

        A digest may be an original's that a replacement stands for: then the tag counts that ends with it.
        """
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            self._manifest(connection, self._standing_for(connection, reference), tag)
        except OSError as error:
            raise CopyError(f"the registry does not answer: {error}") from error
        finally:
            connection.close()

    def _standing_for(self, connection, reference: str) -> str:
        if not image_ref.is_digest(reference):
            return reference
        status, _, body = _ask(connection, "GET", f"/v2/{self.source}/tags/list")
        tags = (json.loads(body).get("tags") or []) if status == 200 else []
        return next((tag for tag in tags if names.is_of_pin(tag, reference)), reference)

    def _manifest(self, connection, reference: str, name: str) -> None:
        path = f"/v2/{self.source}/manifests/{reference}"
        status, headers, body = _ask(connection, "GET", path, headers={"Accept": MANIFESTS})
        if status != 200:
            raise CopyError(f"manifest {self.source}:{reference} not found")
        manifest = json.loads(body)
        for child in manifest.get("manifests", ()):
            self._manifest(connection, child["digest"], child["digest"])
        for blob in (manifest.get("config"), *manifest.get("layers", ())):
            if blob:
                self._mount(connection, blob["digest"])
        path, kind = f"/v2/{self.target}/manifests/{name}", {"Content-Type": headers["Content-Type"]}
        _need_created(_ask(connection, "PUT", path, body, kind), f"writing {self.target}:{name}")

    def _mount(self, connection, digest: str) -> None:
        path = f"/v2/{self.target}/blobs/uploads/?mount={digest}&from={self.source}"
        _need_created(_ask(connection, "POST", path), f"mounting {digest}")


def _ask(connection, method: str, path: str, body: bytes = b"", headers=None):
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def _need_created(answer, what: str) -> None:
    if answer[0] != 201:
        raise CopyError(f"{what}: the registry answered {answer[0]}")
