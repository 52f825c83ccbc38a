"""Waiting for the end of a namespace that is being deleted: until then nothing can be made in it."""

from aks_flow.core import wait
from aks_flow.push.plan import PushPlan
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, get

PAUSE = 1.0  # seconds between two looks


def wait_for_end(context: DeliveryContext, plan: PushPlan) -> None:
    """Wait until the namespace is gone, if it is going; DeadlineError if it takes longer than a lock may."""
    if not plan.basis.ending:
        return
    name = f"namespace/{plan.namespace}"
    with context.steps("namespace") as running:
        context.steps.progress(running, f"waits for the end of {name}, which is being deleted")
        until_gone(context, context.cluster(plan.environment), context.config.lock.wait)
        running.note = f"{name} is gone, and is made anew"


def until_gone(context: DeliveryContext, cluster: Kubectl, seconds: float) -> None:
    """Wait until the cluster's namespace is gone; DeadlineError if it is not in time."""
    step = f"`kubectl get namespace {cluster.namespace} --output=yaml` shows what holds it."
    what = f"the end of namespace/{cluster.namespace}"
    wait.until(lambda: not is_there(context, cluster), what, seconds, PAUSE, step)


def is_there(context: DeliveryContext, cluster: Kubectl) -> bool:
    """Whether the cluster has the namespace, even if it is being deleted."""
    return bool(context.run.run(get.existing(cluster, f"namespace/{cluster.namespace}")).text.strip())
