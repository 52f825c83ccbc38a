"""Waves that stand already: a push changes nothing of them, so nothing has to wait for them."""

from collections.abc import Iterable, Iterator

from aks_flow.manifests.sync_waves import ManifestDocument, Wave
from aks_flow.push.plan import PushPlan
from aks_flow.rollout.verdict.goal import ROLLS_OUT
from aks_flow.rollout.verdict.kinds import has_rolled_out
from aks_flow.tools.kubectl import output


def join_standing(plan: PushPlan, waves: Iterable[Wave]) -> Iterator[list[ManifestDocument]]:
    """The documents to apply at once, in order: a wave that stands goes with the one after it.

    It stands if the plan's diff has nothing of it, and the plan saw all its workloads rolled out.
    """
    joined: list[ManifestDocument] = []
    for wave in waves:
        joined += wave.documents
        if not _stands(plan, wave):
            yield joined
            joined = []
    if joined:
        yield joined


def _stands(plan: PushPlan, wave: Wave) -> bool:
    if not plan.changes.is_diffed or plan.changes.beyond_diff:
        return False
    live = {output.object_name(item): item for item in plan.basis.live}
    there = [live.get(output.object_name(document.object)) for document in wave.documents]
    return all(item and plan.changes.keep(item) and _is_well(item) for item in there)


def _is_well(item: dict) -> bool:
    return item["kind"] not in ROLLS_OUT or has_rolled_out(item)
