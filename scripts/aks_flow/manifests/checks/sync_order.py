"""What a pod needs and gets only after it: hooks run before all else, and a wave waits for the one before."""

from aks_flow.core.errors import AksFlowError
from aks_flow.manifests.checks.facts import Manifest, ManifestFacts, Workload
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.references import needed
from aks_flow.manifests.sync_waves import POST_SYNC, PRE_SYNC, ManifestDocument

_DELIVERED = ""
_PHASES = (PRE_SYNC, _DELIVERED, POST_SYNC)


def sync_order(facts: ManifestFacts) -> Findings:
    """A first delivery would wait for the pod, and that for what comes later. None waits for a CronJob's."""
    for workload in facts.workloads:
        if workload.owner.kind != "CronJob":
            yield from _later(facts, workload)


def _later(facts: ManifestFacts, workload: Workload) -> Findings:
    turn = _turn(workload.owner)
    for reference in needed(workload):
        kind, name = reference.kind, reference.at.text
        item = facts.named(kind, name, workload.owner)
        if name in facts.made_elsewhere(kind) or item is None:
            continue
        own = _turn(item)
        if turn and own and own > turn:
            what = f"{kind} {name} comes only after it, {_said(own)}"
            yield ManifestFinding("sync-order", workload.owner, reference.at, what)


def _turn(item: Manifest) -> tuple[int, int] | None:
    """The phase and wave in which it goes to the cluster; None of what a delivery leaves out or refuses."""
    annotations = {key: value.text for key, value in item.metadata["annotations"].fields()}
    document = ManifestDocument("", {"kind": item.kind, "metadata": {"annotations": annotations}})
    phases = [phase for phase in document.phases or [_DELIVERED] if phase in _PHASES]
    try:
        return (min(map(_PHASES.index, phases)), document.wave) if phases else None
    except AksFlowError:  # a wave that is no number
        return None


def _said(turn: tuple[int, int]) -> str:
    phase, wave = _PHASES[turn[0]], f"in wave {turn[1]}"
    return f"{wave} of {phase}" if phase else wave
