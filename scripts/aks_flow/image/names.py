"""The names that images have in the target's registry: repository, version, copy; and in their own labels."""

from collections.abc import Mapping

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.core.reading import UNREADABLE, text_of
from aks_flow.core.side_by_side import side_by_side
from aks_flow.image import digests
from aks_flow.target.registry import RegistryClient

REVISION = "org.opencontainers.image.revision"
VERSION = "org.opencontainers.image.version"
_PIN = 12  # characters of a digest
_LONGEST_TAG = 128


def repository(config: Config, name: str) -> ImageRef:
    """``registry/path/name`` at the chosen target, without tag."""
    host, _, path = config.destination.registry.partition("/")
    return ImageRef(host, f"{path}/{name}" if path else name)


def app_repository(config: Config) -> ImageRef:
    """The repository of the app's own image, without tag."""
    return repository(config, config.app.own_image)


def copy_of(config: Config, original: ImageRef) -> ImageRef:
    """Where the target's registry has its copy of a third-party image; another pin is another copy."""
    return repository(config, original.repository.rpartition("/")[2]).with_tag(_copy_tag(original))


def _copy_tag(original: ImageRef) -> str:
    if not original.digest:
        return original.tag or "latest"
    pin = _pin(original.digest)
    return f"{original.tag[: _LONGEST_TAG - _PIN - 1]}-{pin}" if original.tag else pin


def is_of_pin(tag: str, digest: str) -> bool:
    """Whether a copy with this tag is the copy of an original that is pinned to this digest."""
    return tag.rpartition("-")[2] == _pin(digest)


def _pin(digest: str) -> str:
    return digest.partition(":")[2][:_PIN]


def published(registry: RegistryClient, config: Config, version: str, told: str = "") -> ImageRef:
    """The app's images under a version, with the registry's digests.

    told: the digests that the job which published them gave, as of `digests.read`; "" if nobody did.
    AksFlowError if one of the images is not there, or has another digest than was told.
    """
    expected = digests.read(told, config.app.own_image, config.app.built_images)
    images = held(registry, config, version)
    for name, image in images.items():
        if not image.digest:
            step = "Publish it with `./inv image.push`, or choose a version that is there."
            raise AksFlowError(f"the registry has no version {version}", where=image.name, next_step=step)
        if expected.get(name, image.digest) != image.digest:
            raise _moved(image, expected[name])
    return with_others(images.pop(config.app.own_image), images)


def _moved(image: ImageRef, expected: str) -> AksFlowError:
    what = f"the registry has version {image.tag} as {image.digest}, and {expected} was published"
    step = "Find out who moved the tag; publish the commit again before anything is delivered."
    return AksFlowError(what, where=image.name, next_step=step)


def held(registry: RegistryClient, config: Config, version: str) -> dict[str, ImageRef]:
    """The app's images under a version, by name: one that the registry lacks has no digest."""
    images = {name: repository(config, name).with_tag(version) for name in config.app.built_images}
    return known(registry, images)


def known(registry: RegistryClient, images: Mapping[str, ImageRef]) -> dict[str, ImageRef]:
    """Images with the digests that the registry has for their tags; one that it lacks has none."""
    digests = side_by_side(registry.digest, images.values())
    return {
        name: image.with_tag(image.tag, digest or "")
        for (name, image), digest in zip(images.items(), digests, strict=True)
    }


def is_version(registry: RegistryClient, image: ImageRef, version: str) -> bool:
    """Whether an image is a version's: it is tagged so, or was built as it.

    A tag can have moved since: two clones count alike, and an amended commit is counted again.
    """
    tagged = registry.digest(image.with_tag(version))
    return tagged == image.digest or labels(registry, image).get(VERSION) == version


def labels(registry: RegistryClient, image: ImageRef) -> dict[str, str]:
    """The image's OCI labels; of an index, those of its first image. RegistryError if it cannot have any."""
    manifest = registry.document(image, f"manifests/{image.digest}")
    try:
        if "manifests" in manifest:
            manifest = registry.document(image, f"manifests/{manifest['manifests'][0]['digest']}")
        configuration = registry.document(image, f"blobs/{manifest['config']['digest']}")
        told = configuration.get("config", {}).get("Labels") or {}
        return {name: text_of(value) for name, value in told.items()}
    except UNREADABLE as error:
        raise registry.strange("gives an image whose labels cannot be read") from error
