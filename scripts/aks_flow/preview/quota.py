"""A preview is bounded: its manifests hold a ResourceQuota."""

from aks_flow.core.errors import AksFlowError
from aks_flow.manifests import layout, render
from aks_flow.push.plan import PushPlan
from aks_flow.target.delivery import DeliveryContext


def check(context: DeliveryContext, plan: PushPlan) -> None:
    """AksFlowError without one: many previews may be open at once, beside what people use."""
    if not any(item["kind"] == "ResourceQuota" for item in render.objects(plan.manifest)):
        step = "Add one: docs/previews.md shows it."
        where = layout.written_in(context.config, plan.environment)
        raise AksFlowError("the manifests of previews have no ResourceQuota", where=where, next_step=step)
