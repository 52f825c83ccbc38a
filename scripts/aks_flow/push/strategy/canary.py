"""A canary: a few pods of the new version among the old ones, beside as many fresh pods of the old version.

Each step has more of both, and they are compared after it. The canary's annotation says which step has begun,
so that the next run can continue one that was stopped.
"""

from functools import partial

from aks_flow.core import wait
from aks_flow.push import newer_version
from aks_flow.push.apply import apply_and_wait
from aks_flow.push.plan import PushPlan
from aks_flow.push.strategy import references, twins
from aks_flow.push.strategy.cluster_state import ClusterState
from aks_flow.push.strategy.compare import worse
from aks_flow.push.strategy.parts import ManifestParts
from aks_flow.push.strategy.twins import BASELINE, CANARY, STEP
from aks_flow.push.verify import verify_service
from aks_flow.rollout.watch import poll
from aks_flow.rollout.watch.evidence import RolloutFinding
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import resources

_PAUSE = 1.0  # seconds between two looks


def grow(context: DeliveryContext, plan: PushPlan, parts: ManifestParts, state: ClusterState) -> None:
    """All steps, from the one that has begun; BadVerdict if the canary is worse off than its baseline."""
    steps, service = context.config.canary.steps, plan.contract.service
    for number in range(begun(state, parts.deployment, len(steps)), len(steps) + 1):
        count = twins.share(parts.replicas(state.live), steps[number - 1])
        with context.steps("canary") as step:
            objects = twins_of(parts, state, number, count)
            apply_and_wait(context, plan, resources.documents(objects), partial(context.steps.progress, step))
            _observe(context, plan)
            step.note = f"step {number} of {len(steps)}: {count} new pods beside {count} fresh old ones"
        if parts.has_service(service):
            verify_service(context, plan, twins.name(service, CANARY))


def begun(state: ClusterState, deployment: dict, steps: int) -> int:
    """The step to begin with: that of a canary which has the deployment's pods, or the first."""
    canary = state.twins.get(CANARY)
    if not canary or not twins.runs_pods_of(canary, deployment):
        return 1
    text = canary["metadata"].get("annotations", {}).get(STEP, "1")
    return min(int(text), steps) if text.isdecimal() else 1


def twins_of(parts: ManifestParts, state: ClusterState, number: int, count: int) -> list[dict]:
    """The canary, its baseline and the Services that find the canary alone, at one step."""
    annotations = {STEP: str(number), **newer_version.marks_of(parts.deployment)}
    return [
        twins.twin(parts.deployment, CANARY, count, **annotations),
        twins.twin(state.live, BASELINE, count),
        *(references.beside(service, CANARY) for service in parts.services),
    ]


def _observe(context: DeliveryContext, plan: PushPlan) -> None:
    """BadVerdict if the canary becomes worse off than its baseline within the configured time."""
    run, cluster = context.run, context.cluster(plan.environment)
    seconds = context.config.canary.seconds
    where = f"deployment/{twins.name(context.config.app.name, CANARY)}"
    difference = wait.within(lambda: worse(poll.snapshot(run, cluster, ("Pod",))), seconds, _PAUSE)
    if difference:
        reason, text = difference
        raise BadVerdict(plan.environment, (RolloutFinding(reason, where, text),))
