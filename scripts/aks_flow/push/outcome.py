"""What came of a delivery, if it is good; and the server's refusal of a manifest."""

from dataclasses import dataclass, field

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed


@dataclass(frozen=True)
class PushOutcome:
    """What a delivery did.

    built: whether the image was built for it. changed: whether anything was applied.
    served: the app's /version. url: where it answers from outside, "" if nowhere.
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


class Refused(AksFlowError):
    """The server refused a manifest; nothing was changed."""

    def __init__(self, error: CommandFailed, environment: str):
        words = error.result.error_text.strip()
        super().__init__(
            f"the cluster refuses the manifests of {environment}, and nothing was changed:\n{words}\n",
            next_step="Correct the manifest; `./inv push.plan` asks the server again.",
        )
