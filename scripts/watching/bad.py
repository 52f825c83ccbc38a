"""A delivery that did not come out well: one sentence, the evidence, and the exit code of its reason."""

from scripts.errors import AksFlowError
from scripts.rollout import reasons
from scripts.watching.evidence import Finding


class BadVerdict(AksFlowError):
    """``findings``: at least one, the explaining one first."""

    def __init__(self, environment: str, findings: tuple[Finding, ...], next_step: str = ""):
        self.environment, self.findings = environment, findings
        self.reason = findings[0].reason
        self.exit_code = reasons.EXIT_CODES[self.reason]
        seen = "".join(f"\n    {line}" for one in findings for line in one.lines())
        super().__init__(f"{environment} is bad: {self.reason}{seen}\n", next_step=next_step)
