"""How hardened a project's pods are, so that its first check finds nothing that it did not ask for."""

from aks_flow.core.config.checks import BASELINE, OFF, RESTRICTED, AcceptedRule
from aks_flow.manifests.checks.agree import check
from aks_flow.manifests.checks.facts import Surroundings
from aks_flow.manifests.checks.findings import POLICY

_OF_NAMESPACES = "pod-security-level"


def strictest_policy(objects: list[dict]) -> str:
    """The strictest policy by whose rules nothing is found in these objects' pods; OFF if none are known."""
    policies = (RESTRICTED, BASELINE) if objects else ()
    return next((policy for policy in policies if _found(objects, policy) <= {_OF_NAMESPACES}), OFF)


def accepted_rules(objects: list[dict], policy: str) -> tuple[AcceptedRule, ...]:
    """What this policy finds nevertheless: Namespaces of the manifests that say nothing of their pods."""
    reason = "it had no such label before aks-flow"
    return tuple(AcceptedRule(rule, "Namespace/*", reason) for rule in sorted(_found(objects, policy)))


def _found(objects: list[dict], policy: str) -> set[str]:
    """The policy's rules that some of the objects do not keep."""
    result = check(objects, Surroundings(policy=policy))
    return {finding.rule for finding in result.findings if finding.kind == POLICY}
