"""Every image that a manifest mentions, found and set."""

from collections.abc import Callable, Iterator, Mapping

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images import places
from aks_flow.manifests.images.mentions import Mention, in_one_line
from aks_flow.manifests.yaml_edit.edits import Edit, apply
from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.find import path_to
from aks_flow.manifests.yaml_edit.source import YamlSource, read


def mentioned(text: str, *, where: str) -> dict[str, Mention]:
    """Every mention by its path. EditError: not YAML."""
    source = read(text, where)
    return {path_to(source, mention.node): mention for mention in _mentions(source)}


def set_image(text: str, name: str, image: ImageRef, *, where: str) -> str:
    """The text in which what is called `name` runs `image`; every other byte stays.

    name: in a kustomization the `name` of an `images:` entry; elsewhere the image's repository, with or
    without its registry, or the path of the mention (`api.image`).
    EditError: not YAML, no match, entries or repositories among which `name` does not decide, an image
    without tag and digest, a value that cannot be edited alone (see `set_scalar`).
    """
    return set_images(text, {name: image}, where=where)


def set_images(text: str, images: Mapping[str, ImageRef], *, where: str) -> str:
    """As `set_image`, of several by name; the text is read once."""
    source = read(text, where)
    everywhere = list(_mentions(source))
    edits: list[Edit] = []
    for name, image in images.items():
        if not (image.tag or image.digest):
            what = f"`{image}` has neither tag nor digest"
            raise EditError(what, where=where, next_step="Name the version to run.")
        for mention in _decided(source, everywhere, name):
            edits += mention.edits(source, image)
    return apply(source, edits)


def replace_images(text: str, choose: Callable[[ImageRef], ImageRef | None], *, where: str) -> str:
    """The text in which containers run what is chosen instead of what they mention; None leaves it.

    EditError: not YAML, a value that cannot be edited alone (see `set_scalar`).
    """
    source, edits = read(text, where), []
    for mention in (mention for document in source.documents for mention in places.of_containers(document)):
        chosen = choose(mention.image) if mention.image else None
        if chosen:
            edits += mention.edits(source, chosen)
    return apply(source, edits)


def _mentions(source: YamlSource) -> Iterator[Mention]:
    for document in source.documents:
        yield from places.mentions(document)


def _decided(source: YamlSource, everywhere: list[Mention], name: str) -> list[Mention]:
    """The mentions that are called so; EditError if there is none, or if the name does not decide."""
    by_name = [mention for mention in everywhere if name in mention.names()]
    mentions = by_name or [mention for mention in everywhere if path_to(source, mention.node) == name]
    if not mentions:
        raise _no_match(source, name)
    if _undecided(mentions):
        raise _ambiguous(source, name, mentions)
    return mentions


def _undecided(mentions: list[Mention]) -> bool:
    """An image may run in several containers; two entries for it, or two images, are a mistake."""
    return len({mention.image and mention.image.name for mention in mentions}) > 1 or (
        len(mentions) > 1 and any(mention.unique for mention in mentions)
    )


def _no_match(source: YamlSource, name: str) -> EditError:
    others = ", ".join(_shown(mention) for mention in _mentions(source))
    return EditError(
        f"no image is called `{name}`; it mentions {others or 'none'}",
        where=source.where,
        next_step="Name one by its entry's name or its repository.",
    )


def _ambiguous(source: YamlSource, name: str, mentions: list[Mention]) -> EditError:
    places = ", ".join(_shown(mention) for mention in mentions)
    return source.refuse(f"`{name}` matches {places}", mentions[0].line, "Remove one, or name it in full.")


def _shown(mention: Mention) -> str:
    return f"{in_one_line(mention.written)} (line {mention.line})"
