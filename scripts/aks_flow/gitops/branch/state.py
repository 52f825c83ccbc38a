"""An environment's state on the branch: its folder, its pin, its hold."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow.version import Version
from aks_flow.gitops.branch import hold
from aks_flow.manifests.images import images


@dataclass(frozen=True)
class State:
    """An environment's folder at a commit.

    tree: its hash, "" if there is none yet. text: the kustomization that holds the pin. image: the pin, with
    tag and digest, or None. held: the hold's reason, "" without one.
    """

    tree: str = ""
    text: str = ""
    image: ImageRef | None = None
    held: str = ""

    @property
    def version(self) -> Version | None:
        return Version.parse(self.image.tag) if self.image else None

    def is_newer_than(self, image: ImageRef) -> bool:
        """Whether the folder pins a later version than the image's."""
        return self.version is not None and self.version > Version.parse(image.tag)


def pin_path(environment: str) -> str:
    """The path within the branch of the kustomization that holds the pin."""
    return f"{environment}/overlays/{environment}/kustomization.yaml"


def hold_path(environment: str) -> str:
    """The path within the branch of the hold; the file exists only while there is one."""
    return f"{environment}/{hold.FILE}"


def read(tree: str, pin: bytes | None, held: bytes | None, app: str, where: str) -> State:
    """A State from the folder's hash and the contents of its two files; AksFlowError naming a broken pin."""
    text = (pin or b"").decode(errors="surrogateescape")
    return State(tree, text, _pin(text, app, where) if pin is not None else None, hold.read(held))


def _pin(text: str, app: str, where: str) -> ImageRef:
    """What the kustomization's entry for ``app`` runs."""
    pins = {path: image for _, path, image in images.images(text, where=where)}
    image = pins.get(f"images[name={app}]")
    if image is None:
        raise _unreadable(f"no entry of `images` is called {app}", where)
    try:
        Version.parse(image.tag)
    except AksFlowError as error:
        raise _unreadable(f"the pin is {str(image)!r}, whose tag is no version", where) from error
    return image


def _unreadable(what: str, where: str) -> AksFlowError:
    return AksFlowError(what, where=where, next_step="Correct this file on the branch.")
