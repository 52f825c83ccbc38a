"""The end of a process: no longer ready at once, serving a little longer, then finishing what runs.

After SIGTERM it takes a moment until every proxy has stopped sending requests here. A process that
closed its socket at once would refuse them.
"""

import os
import threading

draining = threading.Event()  # set from SIGTERM on


def drain_seconds() -> float:
    """How long to keep serving after SIGTERM: DRAIN_SECONDS, 3 by default."""
    return float(os.environ.get("DRAIN_SECONDS", "3"))
