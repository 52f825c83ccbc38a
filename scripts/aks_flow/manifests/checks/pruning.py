"""What is to stay in the cluster when a commit forgets it: deliveries say so of what says nothing itself."""

from aks_flow.manifests.checks.facts import ManifestFacts
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.sync_waves import SYNC_OPTIONS, UNPRUNED_KINDS, prune_option


def pruning(facts: ManifestFacts) -> Findings:
    """Sync options can only be given as a whole, so an object that has some must say this one itself."""
    for item in facts.of(*UNPRUNED_KINDS):
        options = item.metadata["annotations"][SYNC_OPTIONS]
        if options.text and not prune_option({SYNC_OPTIONS: options.text}):
            what = f"its sync options {options.text!r} say nothing of pruning"
            yield ManifestFinding("prune", item, options, what)
