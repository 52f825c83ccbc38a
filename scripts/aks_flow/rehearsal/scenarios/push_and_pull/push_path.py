"""The push path: develop to its environment, with kubectl."""

from pathlib import Path

from aks_flow.push.deliver import push
from aks_flow.push.outcome import PushOutcome
from aks_flow.push.request import PushRequest
from aks_flow.rehearsal.scenarios import routes, workspace
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery, ends
from aks_flow.rehearsal.scenarios.push_and_pull.under_load import app_under_load
from aks_flow.target.delivery import DeliveryContext


def deliver(context: DeliveryContext, repo: Path) -> PushOutcome:
    """Deliver the clone's commit as it is."""
    return push(workspace.working_in(context, repo), PushRequest(routes.pushed_to(context.config)))


def deliver_change(context: DeliveryContext, repo: Path, direct: bool = True) -> MeasuredDelivery:
    """Commit a change in the clone and push it, under a steady load. direct: see `entrance.opened`."""
    earlier_steps = len(context.steps.done)
    with app_under_load(context, routes.pushed_to(context.config), direct) as app:
        app.change(repo)
        image = deliver(context, repo).image
    ended = ends(context.steps.done[earlier_steps:])
    times = {event: ended[event] for event in ("commit", "build", "publish", "apply") if event in ended}
    return app.measured("push", image, times | {"ready": ended["rollout"]})
