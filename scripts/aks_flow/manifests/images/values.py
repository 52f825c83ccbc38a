"""Images in Helm-style values: ``image: {registry, repository, tag, digest}`` or a whole reference."""

from collections.abc import Iterator

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.mentions import Mention, field
from aks_flow.manifests.yaml_edit.edits import Edit
from aks_flow.manifests.yaml_edit.keys import add
from aks_flow.manifests.yaml_edit.nodes import Mapping
from aks_flow.manifests.yaml_edit.scalars import replace
from aks_flow.manifests.yaml_edit.source import YamlDocument, YamlSource


def mentions(document: YamlDocument) -> Iterator[Mention]:
    for mapping in document.mappings:
        parts = mapping.get("image")
        if isinstance(parts, Mapping) and parts.text("repository"):
            yield Parts(parts)
        yield from field(mapping)


class Parts(Mention):
    """A reference in parts. A digest that has no key of its own follows the tag: ``1.2@sha256:…``."""

    def __init__(self, node: Mapping):
        parts = {key: node.text(key) for key in ("registry", "repository", "tag", "digest")}
        written = "/".join(part for part in (parts["registry"], parts["repository"]) if part)
        written += f":{parts['tag']}" if parts["tag"] else ""
        super().__init__(node, written + (f"@{parts['digest']}" if parts["digest"] else ""))

    def edits(self, source: YamlSource, image: ImageRef) -> list[Edit]:
        if not image.tag:
            raise source.refuse(f"`{image}` has no tag, and a chart needs one", self.line, "Name a tag.")
        edits: list[Edit] = []
        for key, value in self._wanted(image).items():
            node = self.node.get(key)
            if node is None:
                edits.append(
                    add(source, self.node, "repository", key, value, self.node.get("repository").style)
                )
            elif value or self.node.text(key):
                edits += replace(source, node, value, key)
        return edits

    def _wanted(self, image: ImageRef) -> dict[str, str]:
        apart = {"registry": image.registry, "repository": image.repository}
        name = apart if "registry" in self.node.named else {"repository": image.name}
        if "digest" in self.node.named:
            return {**name, "tag": image.tag, "digest": image.digest}
        return {**name, "tag": f"{image.tag}@{image.digest}" if image.digest else image.tag}
