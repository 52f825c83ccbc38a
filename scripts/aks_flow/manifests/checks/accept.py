"""Findings that an object accepts, in an annotation of its own: ``aks-flow/accept.RULE: reason``."""

from collections.abc import Iterable
from dataclasses import dataclass

from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.manifests.checks.facts import Manifest, ManifestFacts
from aks_flow.manifests.checks.findings import Findings, ManifestFinding, rules

PREFIX = "aks-flow/accept."


@dataclass(frozen=True)
class AcceptedFinding:
    finding: ManifestFinding
    reason: str


@dataclass(frozen=True)
class CheckResult:
    """findings: what is to be mended, errors first. accepted: what its object accepts."""

    findings: list[ManifestFinding]
    accepted: list[AcceptedFinding]


def sort_out(facts: ManifestFacts, findings: Iterable[ManifestFinding]) -> CheckResult:
    """What is accepted apart from the rest; an acceptance that nothing needs is a finding too."""
    accepted: list[AcceptedFinding] = []
    left: list[ManifestFinding] = []
    for finding in findings:
        if reason := _reason(finding):
            accepted.append(AcceptedFinding(finding, reason))
        else:
            left.append(finding)
    used = {(acceptance.finding.object, acceptance.finding.rule) for acceptance in accepted}
    left += [finding for item in facts.objects for finding in _wrong(item, used)]
    return CheckResult(sorted(left, key=lambda finding: finding.kind), accepted)


def _reason(finding: ManifestFinding) -> str:
    """Why its object accepts it; "" if it does not."""
    return finding.object.metadata["annotations"][PREFIX + finding.rule].text.strip()


def _wrong(item: Manifest, used: set[tuple[Manifest, str]]) -> Findings:
    for key, reason in item.metadata["annotations"].fields():
        rule = key.removeprefix(PREFIX)
        if rule == key or (item, rule) in used:
            continue
        if rule not in rules():
            hint = did_you_mean(rule, rules(), "See docs/manifest-checks.md.")
            yield ManifestFinding("accept", item, reason, f"accepts {rule}, which is no rule. {hint}")
        elif not reason.text.strip():
            yield ManifestFinding("accept", item, reason, f"accepts {rule} without a reason")
        else:
            yield ManifestFinding("accept", item, reason, f"accepts {rule}, which finds nothing here")
