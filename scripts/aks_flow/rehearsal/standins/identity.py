"""What marks the things of one rehearsal, so that nothing of anyone else's is ever touched."""

import hashlib
import os

from aks_flow.core.config import Config

LABEL = "aks-flow.rehearsal"
# The rehearsal's commits carry its own name and no signature, whatever the person's settings.
NAME, EMAIL = "aks-flow rehearsal", "rehearsal@localhost"
AUTHOR = {
    **{"GIT_AUTHOR_NAME": NAME, "GIT_AUTHOR_EMAIL": EMAIL},
    **{"GIT_COMMITTER_NAME": NAME, "GIT_COMMITTER_EMAIL": EMAIL},
    **{"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "commit.gpgsign", "GIT_CONFIG_VALUE_0": "false"},
}


def identity(config: Config) -> str:
    """The value of this rehearsal's label; each state folder has its own."""
    return hashlib.sha256(os.fsencode(config.state.resolve())).hexdigest()[:8]
