"""What the chosen target and the project need for a delivery, what is here, and what brings the rest."""

from aks_flow import report
from aks_flow.cli.doctor import facts, findings, project_facts, project_findings
from aks_flow.cli.doctor.facts import StandIns
from aks_flow.cli.doctor.findings import DoctorFinding
from aks_flow.cli.workflows import tasks_of
from aks_flow.core.errors import AksFlowError
from aks_flow.target.delivery import DeliveryContext


def check(context: DeliveryContext, stand_ins: StandIns | None = None) -> None:
    """Show every finding; AksFlowError if the target cannot work, or the project cannot be delivered."""
    config = context.config
    target = findings.decide(facts.read(context, stand_ins))
    _show(f"target {config.target}", target)
    project = project_findings.decide(project_facts.read(context.run, config, tasks_of(config.root)))
    _show("the project", project)
    _refuse(f"target {config.target} lacks", target)
    _refuse("the project is not ready", project)


def _show(title: str, seen: list[DoctorFinding]) -> None:
    rows = [[finding.name, finding.found, finding.wanted, finding.help] for finding in seen]
    report.table(title, ["needed", "found", "wanted", "what to do"], rows)


def _refuse(what: str, seen: list[DoctorFinding]) -> None:
    """AksFlowError if one is not good."""
    bad = [finding for finding in seen if not finding.good]
    if bad:
        names = ", ".join(finding.name for finding in bad)
        raise AksFlowError(f"{what}: {names}", next_step=_next_step(bad))


def _next_step(bad: list[DoctorFinding]) -> str:
    """The one command that brings all of it, or where to read what helps."""
    [first, *others] = {finding.help for finding in bad}
    is_one_command = first.startswith("./inv ") and not others
    return f"Run {first}." if is_one_command else "The last column says what helps."
