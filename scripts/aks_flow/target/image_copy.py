"""An image from one registry to another, byte for byte: the same digest there, and all that it is made of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from aks_flow.core.image_ref import ImageRef, is_digest
from aks_flow.core.reading import UNREADABLE, text_of
from aks_flow.core.side_by_side import side_by_side
from aks_flow.target import registry_blobs
from aks_flow.target.registry import NotWhole, RegistryClient
from aks_flow.target.registry_blobs import Blob
from aks_flow.target.registry_http import LARGEST, RegistryAnswer, RegistryError

_AT_ONCE = 4  # blobs on their way
_MOST = 1000  # manifests of an image; those of all platforms with their attestations are some forty
_LARGEST_BLOB = 2**40  # bytes
_LIST = "manifests"  # what an index has, and an image has not


@dataclass(frozen=True)
class HeldImage:
    """An image, with its digest, and the registry that holds it."""

    registry: RegistryClient
    image: ImageRef

    def part(self, digest: str) -> "HeldImage":
        """A manifest that the image's own names."""
        return replace(self, image=self.image.with_tag("", digest))


def is_whole(image: HeldImage) -> bool:
    """Whether its registry holds all that the image is made of: a tag stays when a blob is lost."""
    try:
        _prove_parts(image)
    except NotWhole:
        return False
    return True


def copy(original: HeldImage, target: RegistryClient, name: ImageRef) -> bool:
    """Make a name (with a tag) in the target's registry mean the original; False if it does already.

    RegistryError if the name is a released version's of another image, if a part is missing or damaged, or if
    the target does not have all of it afterwards.
    """
    digest, present = original.image.digest, target.digest(name.with_tag(name.tag))
    if present == digest:
        return False
    if present and "-" not in name.tag:
        what = "the registry has another image under this version"
        step = "A released version never changes: release the next one."
        raise RegistryError(what, where=str(name), next_step=step)
    _carry(original, HeldImage(target, name.with_tag("", digest)), name.tag)
    _prove(HeldImage(target, name.with_tag(name.tag, digest)))
    return True


def _carry(original: HeldImage, target: HeldImage, tag: str) -> None:
    """What a manifest names first, then the manifest itself: no registry takes it otherwise."""
    whole, *parts = _parts(original)
    for part in reversed(parts):
        digest = part.held.image.digest
        _store(part, target.part(digest), digest)
    _store(whole, target, tag)


def _store(part: "_Part", there: HeldImage, reference: str) -> None:
    side_by_side(partial(_bring, part.held, there), part.blobs, _AT_ONCE)
    there.registry.put_manifest(there.image, reference, part.manifest)


@dataclass(frozen=True)
class _Part:
    """A manifest of an image as a registry holds it, and the blobs that it names."""

    held: HeldImage
    manifest: RegistryAnswer
    blobs: list[Blob]


def _parts(image: HeldImage) -> list[_Part]:
    """The image's manifest, and those that it names at any depth, each behind all that name it.

    RegistryError if there are more than an image can have: a registry could go on for ever.
    """
    parts, pending, size = [], [image], 0
    while pending:
        held = pending.pop(0)
        manifest = held.registry.manifest(held.image)
        children, blobs = _named_in(manifest, held)
        parts.append(_Part(held, manifest, blobs))
        pending += map(held.part, children)
        size += len(manifest.body)
        if len(parts) + len(pending) > _MOST or size > LARGEST:
            raise held.registry.strange(
                f"gives an image of more than {_MOST} manifests, or of very large ones"
            )
    return parts


def _bring(original: HeldImage, there: HeldImage, blob: Blob) -> None:
    if registry_blobs.is_held(there.registry, there.image, blob):
        return
    same = original.registry.host == there.registry.host
    if same and registry_blobs.mount(there.registry, there.image, blob, original.image.repository):
        return
    with registry_blobs.opened(original.registry, original.image, blob) as content:
        registry_blobs.store(there.registry, there.image, blob, content)


def _named_in(manifest: RegistryAnswer, held: HeldImage) -> tuple[list[str], list[Blob]]:
    """The digests of the manifests, and the blobs, that a manifest names; RegistryError if it is none."""
    try:
        content = json.loads(manifest.body)
        return [text_of(child["digest"]) for child in content.get(_LIST, [])], list(_blobs(content))
    except UNREADABLE as error:
        raise held.registry.strange("gives a manifest that cannot be read") from error


def _blobs(content: dict) -> Iterator[Blob]:
    """Configuration and layers, but for those that a registry must not pass on; ValueError for others."""
    for part in ([content["config"]] if "config" in content else []) + content.get("layers", []):
        if not part.get("urls"):
            digest, size = text_of(part["digest"]), int(part["size"])
            if not (is_digest(digest) and 0 <= size <= _LARGEST_BLOB):
                raise ValueError("no blob")
            yield Blob(digest, size)


def _prove(there: HeldImage) -> None:
    """RegistryError unless the tag is the digest that was meant, and every manifest and blob is there."""
    named = there.registry.digest(there.image.with_tag(there.image.tag))
    if named != there.image.digest:
        raise _not_there(there, f"{there.image.tag} is {named} there")
    _prove_parts(there)


def _prove_parts(there: HeldImage) -> None:
    """One after another: the kept connection answers sooner than new ones."""
    for part in _parts(there):
        for blob in part.blobs:
            if not registry_blobs.is_held(there.registry, there.image, blob):
                raise _not_there(there, f"{blob.digest} is not there")


def _not_there(there: HeldImage, what: str) -> NotWhole:
    step = "Run the same command again; if it stays so, the registry's log says more."
    return NotWhole(f"not all of the image was copied: {what}", where=str(there.image), next_step=step)
