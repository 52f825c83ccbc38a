"""A delivery that is bad: one sentence, the evidence, and the exit code of its reason."""

import re
from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.rollout.verdict import reasons

_MAY_NOT = re.compile(r'User "[^"]*" cannot (?:get|list|watch) resource')


@dataclass(frozen=True)
class RolloutFinding:
    """One thing that is wrong, with what the cluster has to say about it.

    exit_code: of the container. notes: what else is known about it, a sentence each.
    """

    reason: str
    workload: str
    text: str
    pod: str = ""
    container: str = ""
    exit_code: int | None = None
    events: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """As a person reads it, indented by depth."""
        lines = [f"{self.workload}: {self.reason}: {self.text}"]
        if self.pod or self.container:
            lines.append("    " + ", ".join(part for part in (self.pod, self.container) if part))
        lines += [f"    {note}" for note in self.notes]
        lines += [f"        event: {event}" for event in self.events]
        return lines + [f"        log: {line}" for line in self.log]


def is_no_verdict(error: CommandFailed) -> bool:
    """Whether a failure says nothing about what runs: no answer, or one that who asks may not have."""
    return error.unanswered or (error.command.reads and bool(_MAY_NOT.search(error.result.error_text)))


def command_failure(what: str, error: CommandFailed, *notes: str) -> RolloutFinding:
    """A command's failure as a finding about ``what``."""
    reason = reasons.NO_ANSWER if is_no_verdict(error) else reasons.APPLY_FAILED
    return RolloutFinding(reason, what, error.in_one_line, notes=notes)


@dataclass(frozen=True)
class Undone:
    """What became of the environment. status: restored, failed, none (nothing to go back to) or left.

    text: the same in a sentence or two. revision: the one gone back to, 0 without one.
    """

    status: str
    text: str
    revision: int = 0


AGAIN = "Correct what is seen above; then run the same command again."


class BadVerdict(AksFlowError):
    """``findings``: at least one, the explaining one first. ``undone``: what was done about it."""

    def __init__(
        self,
        environment: str,
        findings: tuple[RolloutFinding, ...],
        next_step: str = AGAIN,
        undone: Undone | None = None,
    ):
        self.environment, self.findings, self.undone = environment, findings, undone
        self.reason = findings[0].reason
        self.exit_code = reasons.EXIT_CODES[self.reason]
        lines = "".join(f"\n    {line}" for finding in findings for line in finding.lines())
        super().__init__(f"{environment} is bad: {self.reason}{lines}\n", next_step=next_step)

    def with_findings(self, findings: tuple[RolloutFinding, ...]) -> "BadVerdict":
        """The same with what else is known about it."""
        return BadVerdict(self.environment, findings, self.next_step, self.undone)

    def after(self, undone: Undone) -> "BadVerdict":
        """The same, with what was done about it."""
        return BadVerdict(self.environment, self.findings, undone.text, undone)
