"""References in parts, as charts have them: ``image: {repository, tag, digest}``, ``imageTag``, …"""

import re
from collections.abc import Iterator

from aks_flow.core.image_ref import ImageRef, parsed
from aks_flow.manifests.images.mentions import ImageField, Mention, items
from aks_flow.manifests.yaml_edit.edits import Edit
from aks_flow.manifests.yaml_edit.keys import add
from aks_flow.manifests.yaml_edit.nodes import Mapping, Scalar, YamlNode, key_of, text_of
from aks_flow.manifests.yaml_edit.scalars import replace
from aks_flow.manifests.yaml_edit.source import YamlSource

REPOSITORY, NAME = "repository", "name"
_PARTS = ("registry", "tag", "digest")
# How a chart's values call an image in a scalar: `image`, `proxyImage`, `image_name`, `imageRepository`.
_NAMES = re.compile(r"(?P<base>.*)image(?P<suffix>|name|repository|repo)")


class Parts(Mention):
    """A reference in parts. A digest that has no key of its own follows the tag: ``1.2@sha256:…``.

    parts: the values of registry, repository, tag and digest, those that there are. holder: the mapping in
    which a tag may be added behind the repository, if there is one.
    """

    def __init__(self, node: YamlNode, parts: dict[str, YamlNode], holder: Mapping | None = None):
        super().__init__(node, _written(parts), parts.values())
        self.parts, self.holder = parts, holder

    def edits(self, source: YamlSource, image: ImageRef) -> list[Edit]:
        if not image.tag:
            raise source.refuse(f"`{image}` has no tag, and a chart needs one", self.line, "Name a tag.")
        edits: list[Edit] = []
        for part, value in self._wanted(image).items():
            node = self.parts.get(part)
            if node is None:
                edits.append(self._added(source, part, value))
            elif value or text_of(node):
                edits += replace(source, node, value, part)
        return edits

    def _added(self, source: YamlSource, part: str, value: str) -> Edit:
        repository = self.parts[REPOSITORY]
        key = key_of(repository.key)
        style = repository.style if isinstance(repository, Scalar) else ""
        return add(source, self.holder, key, part, value, style)

    def _wanted(self, image: ImageRef) -> dict[str, str]:
        apart = {"registry": image.registry, REPOSITORY: image.repository}
        name = apart if "registry" in self.parts else {REPOSITORY: image.name}
        if "tag" not in self.parts and self.holder is None:  # then the name has it
            name[REPOSITORY] += f":{image.tag}"
            return {**name, "digest": image.digest}
        if "digest" in self.parts:
            return {**name, "tag": image.tag, "digest": image.digest}
        return {**name, "tag": f"{image.tag}@{image.digest}" if image.digest else image.tag}


def _written(parts: dict[str, YamlNode]) -> str:
    texts = {part: text_of(node) or "" for part, node in parts.items()}
    name = "/".join(texts[part] for part in ("registry", REPOSITORY) if texts.get(part))
    tag, digest = texts.get("tag"), texts.get("digest")
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def mentions(mapping: Mapping, certain: bool) -> Iterator[Mention]:
    """The images that a mapping's own keys mention. certain: whether `image` can be nothing else."""
    if mapping.text(REPOSITORY) and (mapping.text("tag") or mapping.text("digest")):
        yield from _together(mapping, REPOSITORY)
    keys = {normal(name): name for name in _names(mapping)}
    for name, key in keys.items():
        if match := _NAMES.fullmatch(name):
            yield from _image(mapping, keys, key, match, certain)
    if key_of(mapping.key) == "helm":
        yield from _parameters(mapping)


def normal(key: str) -> str:
    """A key without what its spelling adds: `image_tag`, `image-tag` and `imageTag` are the same."""
    return re.sub(r"[-_]", "", key).lower()


def _names(mapping: Mapping) -> list[str]:
    names = [key_of(value.key) for value in mapping.values()]
    return [name for name in names if name]


def _image(
    mapping: Mapping, keys: dict[str, str], key: str, match: re.Match, certain: bool
) -> Iterator[Mention]:
    node = mapping.get(key)
    target = node.resolved
    if isinstance(target, Mapping):
        yield from _inside(target)
    elif text := text_of(node):
        siblings = _siblings(mapping, keys, match["base"])
        image = parsed(text)
        if image and _is_a_part(image, siblings):
            yield Parts(node, {REPOSITORY: node, **siblings})
        elif normal(key) == "image":
            yield ImageField(node, certain)
        elif image and (image.tag or image.digest):
            yield ImageField(node, certain=False)


def _is_a_part(image: ImageRef, siblings: dict[str, YamlNode]) -> bool:
    """Whether the siblings tell what the name leaves open."""
    return not image.digest and ("digest" in siblings or ("tag" in siblings and not image.tag))


def _inside(image: Mapping) -> Iterator[Mention]:
    """Of what stands under `image`; a volume's is under `reference` there."""
    if text_of(image.get("reference")):
        yield ImageField(image.get("reference"))
        return
    for key in (REPOSITORY, NAME):
        text = image.text(key)
        if text and (key == REPOSITORY or parsed(text)):
            yield from _together(image, key)
            return


def _together(mapping: Mapping, key: str) -> Iterator[Parts]:
    """The parts that stand in one mapping under their plain names."""
    parts = {part: mapping.get(part) for part in _PARTS if mapping.get(part) is not None}
    repository = mapping.get(key)
    if "://" in _written({REPOSITORY: repository}):  # of a chart, or of source code
        return
    node = mapping if mapping.key else repository
    yield Parts(node, {REPOSITORY: repository, **parts}, mapping)


def _siblings(mapping: Mapping, keys: dict[str, str], base: str) -> dict[str, YamlNode]:
    """The parts beside an image's name: `imageTag` and `tag` of `image`, `proxyImageTag` of `proxyImage`."""
    names = {part: (f"{base}image{part}", f"{base}{part}") for part in _PARTS}
    present = {part: next((keys[name] for name in names[part] if name in keys), None) for part in _PARTS}
    return {part: mapping.get(key) for part, key in present.items() if key and _is_scalar(mapping.get(key))}


def _is_scalar(node: YamlNode) -> bool:
    return isinstance(node.resolved, Scalar)


def _parameters(helm: Mapping) -> Iterator[Mention]:
    """Argo CD's ``parameters: [{name: image.repository, value: api}, {name: image.tag, value: 1}]``."""
    groups: dict[str, dict[str, YamlNode]] = {}
    for item in items(helm.get("parameters")):
        entry = item.resolved
        if isinstance(entry, Mapping) and text_of(entry.get("value")):
            prefix, _, last = entry.text("name").rpartition(".")
            groups.setdefault(prefix, {})[last] = entry.get("value")
    for prefix, values in groups.items():
        yield from _group(prefix, values)


def _group(prefix: str, values: dict[str, YamlNode]) -> Iterator[Mention]:
    yield from (ImageField(values[key], certain=False) for key in values if normal(key).endswith("image"))
    name = REPOSITORY if REPOSITORY in values else NAME if normal(prefix).endswith("image") else ""
    if name in values:
        parts = {part: values[part] for part in _PARTS if part in values}
        yield Parts(values[name], {REPOSITORY: values[name], **parts})
