"""Do the objects of one environment agree? What a schema cannot see: names, selectors, ports, keys, paths.

Pure: parsed objects in, findings out. An empty answer means that every rule held.
"""

from collections.abc import Collection, Iterable, Mapping

from aks_flow.manifests.checks.containers import containers
from aks_flow.manifests.checks.facts import ManifestFacts, ManifestFinding
from aks_flow.manifests.checks.ownership import (
    autoscalers,
    disruption_budgets,
    names,
    namespace,
    selectors,
    unseen,
)
from aks_flow.manifests.checks.pod_security import pod_security
from aks_flow.manifests.checks.references import references
from aks_flow.manifests.checks.traffic import addresses, governing_services, network_policies, services

RULES = (
    names,
    namespace,
    selectors,
    unseen,
    containers,
    references,
    services,
    governing_services,
    addresses,
    autoscalers,
    disruption_budgets,
    network_policies,
    pod_security,
)


def findings(
    objects: Iterable[dict],
    routes: Mapping[str, Collection[str]],
    secrets: Mapping[str, Collection[str]],
) -> list[ManifestFinding]:
    """Everything that does not fit, in the order of the rules.

    objects: what kustomize renders for one environment.
    routes: container name -> the HTTP paths its app serves; probes of other containers are not compared.
    secrets: name -> keys of the Secrets made outside the manifests.
    """
    facts = ManifestFacts(list(objects), routes, secrets)
    return [finding for rule in RULES for finding in rule(facts)]
