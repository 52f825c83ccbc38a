"""A delivery that did not come out well: one sentence, the evidence, and the exit code of its reason."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.rollout.verdict import reasons
from aks_flow.rollout.watch.evidence import Finding


@dataclass(frozen=True)
class Undone:
    """What became of the environment. status: restored, failed, none (nothing to go back to) or left.

    revision: the one gone back to, 0 without one. text: a sentence or two.
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
        findings: tuple[Finding, ...],
        next_step: str = AGAIN,
        undone: Undone | None = None,
    ):
        self.environment, self.findings, self.undone = environment, findings, undone
        self.reason = findings[0].reason
        self.exit_code = reasons.EXIT_CODES[self.reason]
        seen = "".join(f"\n    {line}" for one in findings for line in one.lines())
        super().__init__(f"{environment} is bad: {self.reason}{seen}\n", next_step=next_step)

    def after(self, undone: Undone) -> "BadVerdict":
        """The same, with what was done about it."""
        return BadVerdict(self.environment, self.findings, undone.text, undone)
