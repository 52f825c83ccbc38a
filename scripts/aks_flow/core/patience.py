"""A runner that asks again while the cluster, or a webhook that it asks, gives no answer.

A delivery that has begun must not end half done because an API server restarts: that takes some seconds.
"""

import threading
import time

from aks_flow.core import silence
from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner, RunnerAround

SECONDS = 30  # without an answer: as long as a rollout's watches are begun again
PAUSE = 1  # seconds from a failure to the next try


class Patient(RunnerAround):
    """Runs commands again until the cluster answers; after `SECONDS` the last failure counts.

    So a command may reach the server twice: one that makes an object then hears that it is there.
    """

    def run(self, command: Command) -> Result:
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                answer = self.inner.run(command)
                if not (command.cluster and silence.is_lost(answer)) or time.monotonic() >= deadline:
                    return answer
            except AksFlowError as error:
                if not _may_pass(error) or time.monotonic() >= deadline:
                    raise
            threading.Event().wait(PAUSE)


def _may_pass(error: AksFlowError) -> bool:
    return error.unanswered or (isinstance(error, CommandFailed) and silence.is_refused_for_now(error.result))


def impatient(run: Runner) -> Runner:
    """The runner below the patience: for whoever counts the time without an answer itself."""
    return run.inner if isinstance(run, Patient) else run
