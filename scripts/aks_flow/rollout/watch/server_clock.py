"""The time of day by the cluster's own clock: this machine's may be wrong by hours."""

import time
from contextlib import suppress
from email.utils import parsedate_to_datetime

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.tools.kubectl import Kubectl, raw


class ServerClock:
    """Asks the API server once, and counts on from there; gives None if that does not tell."""

    def __init__(self, run: Runner, cluster: Kubectl):
        self._run, self._cluster = run, cluster
        self._is_asked = False
        self._ahead: float | None = None  # of the monotonic clock

    def __call__(self) -> float | None:
        if not self._is_asked:
            self._is_asked = True
            with suppress(AksFlowError, ValueError):  # ValueError: no date
                date = raw.parse_header(self._run.run(raw.date(self._cluster)), "Date")
                self._ahead = parsedate_to_datetime(date).timestamp() - time.monotonic()
        return time.monotonic() + self._ahead if self._ahead is not None else None
