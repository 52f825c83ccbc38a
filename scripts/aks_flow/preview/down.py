"""A pull request's preview goes: its namespace, and all that is in it."""

from aks_flow.core import wait
from aks_flow.core.config import previews
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import delete, get

PAUSE = 1.0  # seconds between two looks


def down(context: DeliveryContext, number: int) -> bool:
    """Delete the namespace and wait until it is gone; False if there is none. DeadlineError if it stays."""
    cluster = context.cluster(previews.name(number))
    name = f"namespace/{cluster.namespace}"
    if not context.run.run(get.existing(cluster, name)).text.strip():
        return False
    with context.steps("namespace") as step:
        context.run.run(delete.namespace(cluster, cluster.namespace))
        if not context.dry:
            _wait_until_gone(context, number)
        step.note = f"{cluster.namespace} {'would be' if context.dry else 'is'} gone"
    return True


def _wait_until_gone(context: DeliveryContext, number: int) -> None:
    cluster = context.cluster(previews.name(number))
    name = f"namespace/{cluster.namespace}"
    wait.until(
        lambda: not context.run.run(get.existing(cluster, name)).text.strip(),
        f"the end of {name}",
        context.config.deadline,
        PAUSE,
        f"`kubectl get {name} --output=yaml` shows what holds it.",
    )
