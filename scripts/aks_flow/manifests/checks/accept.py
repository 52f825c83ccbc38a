"""Findings that are accepted: by an object, in an annotation of its own, or by the project, in invoke.yaml.

``aks-flow/accept.RULE: reason`` is the annotation.
"""

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

from aks_flow.core.config.checks import AcceptedRule
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
    """findings: what is to be mended, errors first. accepted: the rest."""

    findings: list[ManifestFinding]
    accepted: list[AcceptedFinding]


def sort_out(facts: ManifestFacts, findings: Iterable[ManifestFinding]) -> CheckResult:
    """What is accepted apart from the rest; an acceptance that nothing needs is a finding too."""
    accepted: list[AcceptedFinding] = []
    left: list[ManifestFinding] = []
    for finding in findings:
        if reason := _reason(finding) or _reason_of_all(facts.surroundings.accept, finding):
            accepted.append(AcceptedFinding(finding, reason))
        else:
            left.append(finding)
    used = {(acceptance.finding.object, acceptance.finding.rule) for acceptance in accepted}
    policy = facts.surroundings.policy
    left += [finding for item in facts.objects for finding in _wrong(item, used, policy)]
    return CheckResult(sorted(left, key=lambda finding: finding.kind), accepted)


def _reason(finding: ManifestFinding) -> str:
    """Why its object accepts it; "" if it does not."""
    return finding.object.metadata["annotations"][PREFIX + finding.rule].text.strip()


def _reason_of_all(accept: Iterable[AcceptedRule], finding: ManifestFinding) -> str:
    """Why the project accepts it; "" if it does not."""
    return next((entry.reason for entry in accept if covers(entry, finding.rule, finding.where)), "")


def covers(entry: AcceptedRule, rule: str, where: str) -> bool:
    """Whether an entry of the project's is about the findings of a rule in an object, ``Kind/name``."""
    return entry.rule == rule and fnmatch.fnmatchcase(where, entry.object)


def _wrong(item: Manifest, used: set[tuple[Manifest, str]], policy: str) -> Findings:
    for key, reason in item.metadata["annotations"].fields():
        rule = key.removeprefix(PREFIX)
        if rule == key or (item, rule) in used:
            continue
        if rule not in rules():
            hint = did_you_mean(rule, rules(), "See docs/manifest-checks.md.")
            yield ManifestFinding("accept", item, reason, f"accepts {rule}, which is no rule. {hint}")
        elif not reason.text.strip():
            yield ManifestFinding("accept", item, reason, f"accepts {rule} without a reason")
        elif rules()[rule].is_asked(policy):
            yield ManifestFinding("accept", item, reason, f"accepts {rule}, which finds nothing here")
