"""Do the objects of one environment agree? What a schema cannot see: names, selectors, ports, keys, paths.

Pure: parsed objects in, findings out. An empty answer means that every rule held.
"""

from collections.abc import Callable, Iterable

from aks_flow.manifests.checks.accept import CheckResult, sort_out
from aks_flow.manifests.checks.addresses import addresses, cluster_names
from aks_flow.manifests.checks.autoscalers import autoscalers
from aks_flow.manifests.checks.budgets import disruption_budgets
from aks_flow.manifests.checks.containers import hardening, probes
from aks_flow.manifests.checks.duplicates import duplicates
from aks_flow.manifests.checks.facts import ManifestFacts, Surroundings, facts_of
from aks_flow.manifests.checks.findings import Findings, rules
from aks_flow.manifests.checks.jobs import job_restarts, schedules
from aks_flow.manifests.checks.mounts import mounts, sub_paths
from aks_flow.manifests.checks.namespaces import names, namespace, other_environments, pod_security_level
from aks_flow.manifests.checks.network_policies import network_policies
from aks_flow.manifests.checks.pod_security import pod_security
from aks_flow.manifests.checks.pruning import pruning
from aks_flow.manifests.checks.references import accounts, claims, references, roles, secret_classes
from aks_flow.manifests.checks.routes import gateway_routes, ingresses
from aks_flow.manifests.checks.selection import affinities, bare_pods, selectors, spreads
from aks_flow.manifests.checks.services import governing_services, services
from aks_flow.manifests.checks.sync_order import sync_order
from aks_flow.manifests.checks.texts import texts

RULES: tuple[Callable[[ManifestFacts], Findings], ...] = (
    names,
    namespace,
    other_environments,
    pod_security_level,
    selectors,
    spreads,
    affinities,
    bare_pods,
    job_restarts,
    schedules,
    probes,
    hardening,
    texts,
    duplicates,
    references,
    accounts,
    claims,
    secret_classes,
    sync_order,
    roles,
    mounts,
    sub_paths,
    services,
    governing_services,
    ingresses,
    gateway_routes,
    addresses,
    cluster_names,
    autoscalers,
    disruption_budgets,
    network_policies,
    pod_security,
    pruning,
)


def check(objects: Iterable, surroundings: Surroundings) -> CheckResult:
    """Everything that does not fit, errors first, and what is accepted of it.

    objects: what kustomize renders for one environment, parsed.
    """
    facts = facts_of(objects, surroundings)
    every = (finding for rule in RULES for finding in rule(facts))
    asked = (finding for finding in every if rules()[finding.rule].is_asked(surroundings.policy))
    return sort_out(facts, asked)
