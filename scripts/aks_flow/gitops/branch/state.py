"""An environment's state on the branch: its folder, its pin, its hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.gitflow.version import Version
from aks_flow.gitops.branch import hold
from aks_flow.manifests.images.images import mentioned


@dataclass(frozen=True)
class State:
    """An environment's folder at a commit.

    tree: its hash, "" if there is none yet. text: the kustomization that holds the pins. image: the app's
    pin, with tag and digest, and with its others if it has several; or None. held: the hold's reason, ""
    without one.
    """

    tree: str = ""
    text: str = ""
    image: ImageRef | None = None
    held: str = ""


def hold_path(environment: str) -> str:
    """The path within the branch of the hold; the file exists only while there is one."""
    return f"{environment}/{hold.FILE}"


def read(tree: str, pin: bytes | None, held: bytes | None, names: Sequence[str], where: str) -> State:
    """A State from the folder's hash and the contents of its two files; AksFlowError naming a broken pin.

    names: of the app's images, its own first.
    """
    text = (pin or b"").decode(errors="surrogateescape")
    return State(tree, text, _pins(text, names, where) if pin is not None else None, hold.read(held))


def _pins(text: str, names: Sequence[str], where: str) -> ImageRef:
    """What the kustomization's entries run; another image belongs to the app's version if it has its tag."""
    mentions = mentioned(text, where=where)
    app, *others = names
    mention = mentions.get(_path(app))
    if mention is None:
        raise _unreadable(f"no entry of `images` is called {app}", where)
    image = mention.image
    if image is None:
        raise _unreadable(f"`{mention.written}` is not an image reference", f"{where}:{mention.line}")
    try:
        Version.parse(image.tag)
    except AksFlowError as error:
        raise _unreadable(f"the pin is {str(image)!r}, whose tag is no version", where) from error
    listed = {name: mentions[_path(name)].image for name in others if _path(name) in mentions}
    return with_others(
        image, {name: other for name, other in listed.items() if other and other.tag == image.tag}
    )


def _path(name: str) -> str:
    """Of the entry of this name, as `images` calls it."""
    return f"images[name={name}]"


def _unreadable(what: str, where: str) -> AksFlowError:
    return AksFlowError(what, where=where, next_step="Correct this file on the branch.")
