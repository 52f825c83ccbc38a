"""An image from one registry to another, byte for byte: the same digest there, and all that it is made of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from aks_flow.core.image_ref import ImageRef
from aks_flow.core.reading import UNREADABLE, text_of
from aks_flow.core.side_by_side import side_by_side
from aks_flow.target import registry_blobs
from aks_flow.target.registry import RegistryClient, RegistryError
from aks_flow.target.registry_blobs import Blob
from aks_flow.target.registry_http import RegistryAnswer

_AT_ONCE = 4  # blobs on their way
_LIST = "manifests"  # what an index has, and an image has not


@dataclass(frozen=True)
class HeldImage:
    """An image, with its digest, and the registry that holds it."""

    registry: RegistryClient
    image: ImageRef

    def part(self, digest: str) -> "HeldImage":
        """A manifest that the image's own names."""
        return replace(self, image=self.image.with_tag("", digest))


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


def _carry(original: HeldImage, there: HeldImage, reference: str) -> None:
    """What a manifest names first, then the manifest itself: no registry takes it otherwise."""
    manifest = original.registry.manifest(original.image)
    children, blobs = _named_in(manifest, original)
    for child in children:
        _carry(original.part(child), there.part(child), child)
    side_by_side(partial(_bring, original, there), blobs, _AT_ONCE)
    there.registry.put_manifest(there.image, reference, manifest)


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
    """Configuration and layers, but for those that a registry must not pass on."""
    for part in ([content["config"]] if "config" in content else []) + content.get("layers", []):
        if not part.get("urls"):
            yield Blob(text_of(part["digest"]), int(part["size"]))


def _prove(there: HeldImage) -> None:
    """RegistryError unless the tag is the digest that was meant, and every manifest and blob is there."""
    named = there.registry.digest(there.image.with_tag(there.image.tag))
    if named != there.image.digest:
        raise _not_there(there, f"{there.image.tag} is {named} there")
    _prove_parts(there)


def _prove_parts(there: HeldImage) -> None:
    children, blobs = _named_in(there.registry.manifest(there.image), there)
    for child in children:
        _prove_parts(there.part(child))
    for blob in blobs:
        if not registry_blobs.is_held(there.registry, there.image, blob):
            raise _not_there(there, f"{blob.digest} is not there")


def _not_there(there: HeldImage, what: str) -> RegistryError:
    step = "Run the same command again; if it stays so, the registry's log says more."
    return RegistryError(f"not all of the image was copied: {what}", where=str(there.image), next_step=step)
