"""Back to an earlier revision: everything that it had, ConfigMaps included, and nothing that came since."""

from dataclasses import dataclass

from aks_flow.core import wait
from aks_flow.core.runner import Runner
from aks_flow.manifests import render
from aks_flow.push import lock
from aks_flow.push.history import history as histories
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import Revision
from aks_flow.push.plan import Plan
from aks_flow.push.strategy import cluster_state
from aks_flow.push.verify import Proof, prove
from aks_flow.rollout.verdict import goal
from aks_flow.rollout.verdict.goal import Goal
from aks_flow.rollout.verdict.objects import Objects
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch import poll
from aks_flow.rollout.watch.failure import BadVerdict, Undone
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl
from aks_flow.tools.kubectl import Kubectl, object_name

# What holds data goes by a person's hand only.
LASTING = ("namespace/", "persistentvolumeclaim/", "persistentvolume/", "customresourcedefinition.")
OBSERVED_WITHIN = 15  # seconds from a write to a controller's having seen it


@dataclass(frozen=True)
class Restored:
    """revision: the one gone back to. number: of the new revision that this is."""

    revision: Revision
    number: int
    proof: Proof


def undo(context: DeliveryContext, environment: str, number: str) -> Restored:
    """Go back to the revision of this number, or to the good one before; AksFlowError if it is not there."""
    histories.chosen(histories.of(context, environment), number)  # who must wait for nothing is told so first
    with lock.held(context, environment) as own:
        history = histories.of(own.context, environment)
        return go_back(own.context, environment, history, histories.chosen(history, number))


def go_back(context: DeliveryContext, environment: str, history: History, back: Revision) -> Restored:
    """Apply ``back`` again, take away what came since, prove it; BadVerdict if that is not well either."""
    run, cluster = context.run, context.cluster(environment)
    plan = histories.plan_of(environment, cluster.namespace, back)
    with context.steps("undo") as step:
        step.note = f"back to {back}"
        history = histories.record(
            run, cluster, history, histories.draft(history, plan, restores=back.number)
        )
        wanted = _apply(run, cluster, plan)
        cluster_state.remove(run, cluster)
        _release(run, cluster, wanted)
        _prune(run, cluster, history, back)
    try:
        proof = prove(context, plan, wanted)
    except BadVerdict as bad:
        histories.conclude(run, cluster, history, bad.reason)
        raise bad.after(_left(environment)) from bad
    histories.conclude(run, cluster, history, GOOD)
    return Restored(back, history.last.number, proof)


def _left(environment: str) -> Undone:
    step = f"`./inv push.history --env {environment}` shows what else `push.undo --to N` can go back to."
    return Undone("left", f"It is left as it is. {step}")


def _apply(run: Runner, cluster: Kubectl, plan: Plan) -> Goal:
    """All at once: what a wave would wait for may be what is broken."""
    stored = run.run(cluster.apply_and_show(plan.manifest)).text
    return goal.applied(plan.namespace, kubectl.parse_objects(stored))


def _prune(run: Runner, cluster: Kubectl, history: History, back: Revision) -> None:
    """Delete what later deliveries made and ``back`` does not have."""
    own = {object_name(item) for item in render.objects(back.manifest)}
    names = sorted(name for name in history.created_since(back.number) - own if not name.startswith(LASTING))
    if names:
        run.run(cluster.delete_objects(*names))


def _release(run: Runner, cluster: Kubectl, wanted: Goal) -> None:
    """Delete a StatefulSet's pods that are of neither revision's use.

    Its controller replaces the next pod only when the one before is ready, even on the way back:
    https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
    """
    sets = [target for target in wanted.targets if target.kind == "StatefulSet"]
    if not sets:
        return
    kinds = ("StatefulSet", "Pod")
    seen = wait.until(
        lambda: _if_observed(wanted, Objects(poll.snapshot(run, cluster, kinds))),
        "the StatefulSets' controller seeing the change",
        OBSERVED_WITHIN,
    )
    stuck = [name for target in sets for name in _stuck(seen, target.name)]
    if stuck:
        run.run(cluster.delete("pod", *stuck))


def _if_observed(wanted: Goal, seen: Objects) -> Objects | None:
    for target in wanted.targets:
        item = seen.named(target.kind, target.name) if target.kind == "StatefulSet" else None
        if item and item.get("status", {}).get("observedGeneration", 0) < target.generation:
            return None
    return seen


def _stuck(seen: Objects, name: str) -> list[str]:
    """Pods of a revision that is not wanted any more, and that will not be ready."""
    item = seen.named("StatefulSet", name)
    wanted = item.get("status", {}).get("updateRevision")
    return [
        pod["metadata"]["name"]
        for pod in seen.owned("Pod", item["metadata"]["uid"])
        if (pod["metadata"].get("labels") or {}).get("controller-revision-hash") != wanted and not _ready(pod)
    ]


def _ready(pod: dict) -> bool:
    conditions = pod.get("status", {}).get("conditions") or []
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
