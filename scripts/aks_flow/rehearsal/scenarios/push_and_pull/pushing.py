"""The push half: develop to dev, with kubectl."""

from pathlib import Path

from aks_flow.push.deliver import push
from aks_flow.push.request import PushRequest
from aks_flow.rehearsal.scenarios.push_and_pull import pulling, workspace
from aks_flow.rehearsal.scenarios.push_and_pull.half import Half, ends
from aks_flow.rehearsal.scenarios.push_and_pull.traffic import alone, traffic
from aks_flow.target.delivery import DeliveryContext

ENVIRONMENT = "dev"


def first(context: DeliveryContext, repo: Path) -> str:
    """Deliver develop as it is; the URL where it answers."""
    return push(pulling.at(context, repo), PushRequest(ENVIRONMENT)).url


def change(context: DeliveryContext, repo: Path, url: str) -> Half:
    """Commit a change and push it, under a steady load on ``url``."""
    begun = len(context.steps.done)
    with traffic(context.config, url) as tally:
        with context.steps("commit") as step:
            step.note = workspace.change(context.run, context.config, repo)
        outcome = push(pulling.at(context, repo), PushRequest(ENVIRONMENT))
    seen, ended = tally(), ends(context.steps.done[begun:])
    times = {event: ended[event] for event in ("commit", "build", "publish", "apply") if event in ended}
    times |= {"ready": ended["rollout"], "serve": alone(seen, outcome.image.tag)}
    return Half("push", ENVIRONMENT, outcome.image, outcome.url, seen["sent"], seen["failed"], times)
