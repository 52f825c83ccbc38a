"""What came of a delivery."""

from dataclasses import dataclass

from aks_flow.core.image_ref import ImageRef


@dataclass(frozen=True)
class Outcome:
    """What a delivery did, and that it is good.

    served: the app's /version. url: "" without a way in from outside. revision: its number in the history.
    superseded_by: the newer version that runs and was left alone, or "". waits: it serves from its green,
    beside the old version, until somebody promotes or rejects it.
    """

    environment: str
    image: ImageRef
    built: bool
    changed: bool
    served: dict
    url: str
    superseded_by: str = ""
    revision: int = 0
    waits: bool = False
