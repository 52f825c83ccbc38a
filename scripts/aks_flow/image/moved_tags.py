"""Are third-party images pinned, and do their tags still mean that? Their own registries are asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from aks_flow.core.config.sections import ThirdPartyImage
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, in_full
from aks_flow.core.side_by_side import side_by_side
from aks_flow.target.registry import RegistryClient

AskedRegistry = Callable[[str], RegistryClient]


@dataclass(frozen=True)
class Pin:
    """An image as invoke.yaml names it, and what its tag means now.

    now: the digest, "" if the tag is gone, or if there is none. trouble: why nobody can say, "" if that is
    known.
    """

    name: str
    source: ImageRef
    now: str = ""
    trouble: str = ""

    @property
    def has_moved(self) -> bool:
        return bool(self.source.digest and self.now) and self.now != self.source.digest

    @property
    def finding(self) -> str:
        """What to do about it; "" if nothing."""
        if self.trouble:
            return f"{self.name}: {self.trouble}"
        if self.has_moved:
            latest = self.source.with_tag(self.source.tag, self.now)
            return f"{self.name}: its tag has moved; write {latest} into invoke.yaml"
        return ""

    def __str__(self) -> str:
        if self.trouble:
            return "cannot be asked"
        if not self.source.digest:
            return f"not pinned; it is {self.now} now" if self.now else "not pinned; its tag is gone"
        if not self.source.tag:
            return "pinned, without a tag that could move"
        if not self.now:
            return "pinned; its tag is gone"
        return f"moved to {self.now}" if self.has_moved else "as pinned"


def read(images: Mapping[str, ThirdPartyImage], registry_of: AskedRegistry) -> list[Pin]:
    """A pin of each image. registry_of: gives the client of a host, "docker.io" for Docker Hub."""
    return side_by_side(partial(_read, registry_of), images.items())


def _read(registry_of: AskedRegistry, named: tuple[str, ThirdPartyImage]) -> Pin:
    name, source = named[0], named[1].source
    if source.digest and not source.tag:
        return Pin(name, source)
    asked = in_full(source.with_tag(source.tag or "latest"))
    try:
        now = registry_of(asked.registry).digest(asked)
    except AksFlowError as error:
        return Pin(name, source, trouble=f"{error.what} ({asked.registry})")
    return Pin(name, source, now or "")
