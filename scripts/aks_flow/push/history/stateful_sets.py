"""StatefulSets in a rollback: their controller replaces no pod while another one is not ready."""

from aks_flow.core import wait
from aks_flow.rollout.verdict.goal import GoalTarget, RolloutGoal
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.verdict.pods import is_ready
from aks_flow.rollout.watch import poll
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import delete

OBSERVED_WITHIN = 15  # seconds from a write to a controller's having seen it


def release(context: DeliveryContext, environment: str, goal: RolloutGoal) -> None:
    """Delete the pods of the goal's StatefulSets that have another revision and are not ready.

    The controller waits until such a pod is ready, even to replace it by the good revision's:
    https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
    """
    targets = [target for target in goal.targets if target.kind == "StatefulSet"]
    if not targets:
        return
    run, cluster = context.run, context.cluster(environment)
    objects = wait.until(
        lambda: _if_observed(targets, NamespaceObjects(poll.snapshot(run, cluster, ("StatefulSet", "Pod")))),
        "the StatefulSets' controller seeing the change",
        OBSERVED_WITHIN,
    )
    names = [name for target in targets for name in stuck_pods(objects, target.name)]
    if names:
        run.run(delete.by_name(cluster, "pod", *names))


def _if_observed(targets: list[GoalTarget], objects: NamespaceObjects) -> NamespaceObjects | None:
    """The objects, if the controller has seen what was applied; None if not yet."""
    for target in targets:
        item = objects.named("StatefulSet", target.name)
        if item and item.get("status", {}).get("observedGeneration", 0) < target.generation:
            return None
    return objects


def stuck_pods(objects: NamespaceObjects, name: str) -> list[str]:
    """The pods of a StatefulSet that have another revision than its newest, and are not ready."""
    item = objects.named("StatefulSet", name)
    revision = item.get("status", {}).get("updateRevision")
    return [
        pod["metadata"]["name"]
        for pod in objects.owned("Pod", item["metadata"]["uid"])
        if (pod["metadata"].get("labels") or {}).get("controller-revision-hash") != revision
        and not is_ready(pod)
    ]
