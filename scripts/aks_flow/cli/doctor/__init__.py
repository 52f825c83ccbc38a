"""What the chosen target needs, what is here, and what brings the rest."""

from aks_flow import report
from aks_flow.cli.doctor import facts, findings
from aks_flow.cli.doctor.facts import StandIns
from aks_flow.cli.doctor.findings import DoctorFinding
from aks_flow.core.errors import AksFlowError
from aks_flow.target.delivery import DeliveryContext


def check(context: DeliveryContext, stand_ins: StandIns | None = None) -> None:
    """Show every finding; AksFlowError if the chosen target cannot work."""
    target = context.config.target
    seen = findings.decide(facts.read(context, stand_ins))
    rows = [[finding.name, finding.found, finding.wanted, finding.help] for finding in seen]
    report.table(f"target {target}", ["needed", "found", "wanted", "what to do"], rows)
    bad = [finding for finding in seen if not finding.good]
    if bad:
        names = ", ".join(finding.name for finding in bad)
        raise AksFlowError(f"target {target} lacks: {names}", next_step=_next_step(bad))


def _next_step(bad: list[DoctorFinding]) -> str:
    """The one command that brings all of it, or where to read what helps."""
    [first, *others] = {finding.help for finding in bad}
    is_one_command = first.startswith("./inv ") and not others
    return f"Run {first}." if is_one_command else "The last column says what helps."
