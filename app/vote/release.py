"""What is running: version, commit, image and pod.

An image that was built once may carry later version tags, so the reference the pod was started with
says which version this is; what was baked in at the build is only the fallback.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    """image is the full reference or "" when unknown; digest is ``sha256:…`` or ""."""

    version: str
    commit: str
    image: str
    digest: str
    pod: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Release":
        """Reads APP_IMAGE, APP_VERSION, APP_COMMIT and POD_NAME (HOSTNAME outside a cluster)."""
        image = environ.get("APP_IMAGE", "")
        tag, digest = tag_and_digest(image)
        return cls(
            version=tag or environ.get("APP_VERSION") or "unknown",
            commit=environ.get("APP_COMMIT") or "unknown",
            image=image,
            digest=digest,
            pod=environ.get("POD_NAME") or environ.get("HOSTNAME") or "unknown",
        )


def tag_and_digest(image: str) -> tuple[str, str]:
    """``localhost:5050/front:1.2.0@sha256:…`` -> ("1.2.0", "sha256:…"); "" for a part that is not there.

    A colon before the last slash belongs to the registry's port.
    """
    name, _, digest = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return tag, digest
