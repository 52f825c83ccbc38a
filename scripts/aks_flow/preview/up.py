"""A pull request's preview comes, or gets what is new: by push."""

from aks_flow.core.config import previews
from aks_flow.preview import pull_request, quota
from aks_flow.push import deliver, planning
from aks_flow.push.outcome import PushOutcome
from aks_flow.push.plan import PushPlan
from aks_flow.push.request import PushRequest
from aks_flow.target.delivery import DeliveryContext


def admit(context: DeliveryContext, number: int) -> None:
    """AksFlowError if the request may have no preview."""
    with context.steps("pull request") as step:
        request = pull_request.read(context, number)
        step.note = f"{request.head} into {request.base}"
        pull_request.check(context, request)


def plan(context: DeliveryContext, number: int) -> PushPlan:
    """What a delivery would do; AksFlowError if the preview has no quota."""
    made = planning.read_plan(context, PushRequest(previews.name(number)))
    quota.check(context, made)
    return made


def deliver_it(context: DeliveryContext, number: int) -> tuple[PushOutcome, PushPlan]:
    """Push what is checked out to the pull request's own namespace; and what that was to change."""
    plans: list[PushPlan] = []

    def check(made: PushPlan) -> None:
        quota.check(context, made)
        plans.append(made)

    outcome = deliver.push(context, PushRequest(previews.name(number)), check)
    return outcome, plans[0]
