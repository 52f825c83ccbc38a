"""StatefulSets in a rollback: their controller replaces no pod while another one is not ready."""

from aks_flow.core import wait
from aks_flow.rollout import stuck_pods
from aks_flow.rollout.verdict.goal import GoalTarget, RolloutGoal
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.watch import poll
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import delete

OBSERVED_WITHIN = 15  # seconds from a write to a controller's having seen it


def release(context: DeliveryContext, environment: str, goal: RolloutGoal) -> None:
    """Delete the pods of the goal's StatefulSets that have another revision and are not ready."""
    targets = [target for target in goal.targets if target.kind == "StatefulSet"]
    if not targets:
        return
    run, cluster = context.run, context.cluster(environment)
    objects = wait.until(
        lambda: _if_observed(targets, NamespaceObjects(poll.snapshot(run, cluster, ("StatefulSet", "Pod")))),
        "the StatefulSets' controller seeing the change",
        OBSERVED_WITHIN,
    )
    stuck = [pod for target in targets for pod in stuck_pods.of(objects, target.name)]
    if stuck:
        run.run(delete.by_name(cluster, "pod", *(pod["metadata"]["name"] for pod in stuck)))


def _if_observed(targets: list[GoalTarget], objects: NamespaceObjects) -> NamespaceObjects | None:
    """The objects, if the controller has seen what was applied; None if not yet."""
    for target in targets:
        item = objects.named("StatefulSet", target.name)
        if item and item.get("status", {}).get("observedGeneration", 0) < target.generation:
            return None
    return objects
