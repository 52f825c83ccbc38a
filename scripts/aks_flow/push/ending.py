"""A namespace that is being deleted: nothing can be made in it, and what is there still goes with it."""

from aks_flow.core import wait
from aks_flow.push.plan import PushPlan
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get

PAUSE = 1.0  # seconds between two looks


def wait_for_end(context: DeliveryContext, plan: PushPlan) -> None:
    """Wait until the namespace is gone, if it is going; DeadlineError if it takes longer than a lock may."""
    if not plan.ending:
        return
    name, cluster = f"namespace/{plan.namespace}", context.cluster(plan.environment)
    step = f"`kubectl get namespace {plan.namespace} --output=yaml` shows what holds it."
    with context.steps("namespace") as running:
        context.steps.progress(running, f"waits for the end of {name}, which is being deleted")
        wait.until(
            lambda: not context.run.run(get.existing(cluster, name)).text.strip(),
            f"the end of {name}",
            context.config.lock.wait,
            PAUSE,
            step,
        )
        running.note = f"{name} is gone, and is made anew"
