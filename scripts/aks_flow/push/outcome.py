"""What came of a delivery, if it is good."""

from dataclasses import dataclass, field

from aks_flow.core.image_ref import ImageRef


@dataclass(frozen=True)
class PushOutcome:
    """What a delivery did.

    built: whether the image was built for it. changed: whether anything was applied.
    served: as of `verify.Proof`. url: where it answers from outside, "" if nowhere.
    superseded_by: the newer version that runs and was left alone, or "".
    revision: its number in the history, 0 if nothing was applied.
    waits: whether it serves from its green, beside the old version, until somebody promotes or rejects it.
    removed, kept: what had left the manifests, and what of it is left, with the reason.
    """

    environment: str
    image: ImageRef
    built: bool
    changed: bool = False
    served: dict = field(default_factory=dict)
    url: str = ""
    superseded_by: str = ""
    revision: int = 0
    waits: bool = False
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
