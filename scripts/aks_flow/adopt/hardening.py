"""How hardened a project's pods are, so that its first check finds nothing that it did not ask for."""

from aks_flow.core.config.checks import BASELINE, OFF, RESTRICTED
from aks_flow.manifests.checks.agree import check
from aks_flow.manifests.checks.facts import Surroundings
from aks_flow.manifests.checks.findings import POLICY


def strictest_policy(objects: list[dict]) -> str:
    """The strictest policy by whose rules nothing is found in these objects; OFF if none are known."""
    policies = (RESTRICTED, BASELINE) if objects else ()
    return next((policy for policy in policies if _is_kept(objects, policy)), OFF)


def _is_kept(objects: list[dict], policy: str) -> bool:
    result = check(objects, Surroundings(policy=policy))
    return not any(finding.kind == POLICY for finding in result.findings)
