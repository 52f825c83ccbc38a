"""What marks the things of one rehearsal, so that nothing of anyone else's is ever touched."""

import hashlib

from scripts.config import Config

LABEL = "aks-flow.rehearsal"


def identity(config: Config) -> str:
    """The value of this rehearsal's label; each state folder has its own."""
    return hashlib.sha256(str(config.state.resolve()).encode()).hexdigest()[:8]
