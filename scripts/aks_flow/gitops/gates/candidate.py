"""What asks to be let into an environment."""

from dataclasses import dataclass

from aks_flow.core.image_ref import ImageRef


@dataclass(frozen=True)
class Candidate:
    """environment: where it is to go. image: the version. commit: the source commit of its manifests."""

    environment: str
    image: ImageRef
    commit: str

    @property
    def version(self) -> str:
        return self.image.tag

    @property
    def digests(self) -> frozenset[str]:
        return frozenset(member.digest for member in self.image.members)
