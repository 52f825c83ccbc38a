"""Waves that a push changes nothing of and that have rolled out: no other wave has to wait for them."""

from collections.abc import Iterable, Iterator

from aks_flow.manifests.sync_waves import ManifestDocument, Wave
from aks_flow.push.plan import PushPlan
from aks_flow.rollout.verdict.goal import ROLLS_OUT
from aks_flow.rollout.verdict.kinds import has_rolled_out
from aks_flow.tools.kubectl import output


def join_settled(plan: PushPlan, waves: Iterable[Wave]) -> Iterator[list[ManifestDocument]]:
    """The groups of documents to apply at once, in order. A settled wave is applied with the one after it.

    A wave is settled if the plan's diff has nothing of it, and all its workloads had rolled out.
    """
    joined: list[ManifestDocument] = []
    for wave in waves:
        joined += wave.documents
        if not _is_settled(plan, wave):
            yield joined
            joined = []
    if joined:
        yield joined


def _is_settled(plan: PushPlan, wave: Wave) -> bool:
    if not plan.changes.is_diffed or plan.changes.beyond_diff:
        return False
    live = {output.object_name(item): item for item in plan.basis.live}
    there = [live.get(output.object_name(document.object)) for document in wave.documents]
    return all(item and plan.changes.keep(item) and _is_well(item) for item in there)


def _is_well(item: dict) -> bool:
    return item["kind"] not in ROLLS_OUT or has_rolled_out(item)
