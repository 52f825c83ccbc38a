"""A pull request's preview goes: its namespace, and all that is in it."""

from aks_flow.core.config import previews
from aks_flow.push.namespace_end import is_there, until_gone
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import delete


def down(context: DeliveryContext, number: int) -> bool:
    """Delete the namespace and wait until it is gone; False if there is none. DeadlineError if it stays."""
    cluster = context.cluster(previews.name(number))
    if not is_there(context, cluster):
        return False
    with context.steps("namespace") as step:
        context.run.run(delete.by_name(cluster, "namespace", cluster.namespace))
        if not context.dry:
            until_gone(context, cluster, context.config.deadline)
        step.note = f"{cluster.namespace} {'would be' if context.dry else 'is'} gone"
    return True
