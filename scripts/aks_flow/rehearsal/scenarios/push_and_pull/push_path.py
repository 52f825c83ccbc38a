"""The push path: develop to dev, with kubectl."""

from pathlib import Path

from aks_flow.push.deliver import push
from aks_flow.push.request import PushRequest
from aks_flow.rehearsal.scenarios import workspace
from aks_flow.rehearsal.scenarios.push_and_pull.load import load, serves_alone_since
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery, ends
from aks_flow.target.delivery import DeliveryContext

ENVIRONMENT = "dev"


def deliver(context: DeliveryContext, repo: Path) -> str:
    """Deliver the clone's commit as it is; the URL where it answers."""
    return push(workspace.working_in(context, repo), PushRequest(ENVIRONMENT)).url


def deliver_change(context: DeliveryContext, repo: Path, url: str) -> MeasuredDelivery:
    """Commit a change in the clone and push it, under a steady load on ``url``."""
    earlier_steps = len(context.steps.done)
    with load(context.config, url) as read_tally:
        with context.steps("commit") as step:
            step.note = workspace.change(context.run, context.config, repo)
        outcome = push(workspace.working_in(context, repo), PushRequest(ENVIRONMENT))
    tally, ended = read_tally(), ends(context.steps.done[earlier_steps:])
    times = {event: ended[event] for event in ("commit", "build", "publish", "apply") if event in ended}
    times |= {"ready": ended["rollout"], "serve": serves_alone_since(tally, outcome.image.tag)}
    requests = {"sent": tally["sent"], "failed": tally["failed"]}
    return MeasuredDelivery("push", ENVIRONMENT, outcome.image, outcome.url, times=times, **requests)
