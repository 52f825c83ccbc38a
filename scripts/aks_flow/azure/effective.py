"""Roles take time: Azure needs minutes until a role that it has assigned counts everywhere."""

import datetime
import time

from aks_flow.azure import faults
from aks_flow.azure.identity import access
from aks_flow.azure.plan import roles
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.core import wait
from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed, Runner, RunnerAround
from aks_flow.core.steps import Steps

PAUSE = 2  # seconds between two tries
_NEXT = "Run the same command again; ./inv azure.status says whether the role is assigned."


class AwaitingRoles(RunnerAround):
    """Runs commands, and again what is refused only because a role does not count yet.

    seconds: how long that may last. steps: told what is waited for.
    """

    def __init__(self, inner: Runner, seconds: float, steps: Steps):
        super().__init__(inner)
        self._seconds, self._steps = seconds, steps

    def run(self, command: Command) -> Result:
        """As the runner does; DeadlineError with the cause if it is still refused at the end."""
        try:
            return self.inner.run(command)
        except CommandFailed as error:
            cause = _cause(error)
            if not cause:
                raise
        with self._steps("wait") as step:
            step.note = cause
            return wait.until(lambda: self._tried(command), _ended(cause), self._seconds, PAUSE, _NEXT)

    def _tried(self, command: Command) -> Result | None:
        try:
            return self.inner.run(command)
        except CommandFailed as error:
            if not _cause(error):
                raise
            return None


def _ended(cause: str) -> str:
    return f"the end of this: {cause}. It"


def _cause(error: CommandFailed) -> str:
    """Why it is refused, if waiting may heal it; "" for another failure."""
    fault = faults.known(error.result.error_text)
    return fault.cause if fault and fault.soon else ""


def await_pulls(facts: AzureFacts, seconds: float, steps: Steps) -> None:
    """Wait until the nodes' role to pull is as old as Azure needs: a pull before would fail the delivery."""
    left = remaining(facts, seconds, time.time())
    if left > 0:
        with steps("wait") as step:
            step.note = f"{left:.0f} s until {access.PULL} of {access.KUBELET} counts"
            wait.within(lambda: remaining(facts, seconds, time.time()) <= 0, seconds, PAUSE)


def remaining(facts: AzureFacts, seconds: float, now: float) -> float:
    """How long the nodes' newest role at a registry may still take to count."""
    kubelet = roles.kubelet(facts)
    made = [
        datetime.datetime.fromisoformat(assignment["createdOn"]).timestamp()
        for assignment in facts.assignments
        if assignment["principalId"] == kubelet and assignment.get("createdOn")
    ]
    return min(max(made) + seconds - now, seconds) if made else 0
