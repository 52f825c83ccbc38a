"""The push half: develop to dev, with kubectl."""

from pathlib import Path

from aks_flow import push
from aks_flow.gitflow import source
from aks_flow.rehearsal.scenarios.push_and_pull import workspace
from aks_flow.rehearsal.scenarios.push_and_pull.half import Half, ends
from aks_flow.rehearsal.scenarios.push_and_pull.traffic import alone, traffic
from aks_flow.target.delivery import Delivery

ENVIRONMENT = "dev"


def first(hands: Delivery, repo: Path) -> str:
    """Deliver develop as it is; the URL where it answers."""
    return push.push(hands, source.read(hands.run, repo), ENVIRONMENT).url


def change(hands: Delivery, repo: Path, url: str) -> Half:
    """Commit a change and push it, under a steady load on ``url``."""
    begun = len(hands.steps.done)
    with traffic(hands.config, url) as tally:
        with hands.steps("commit") as step:
            step.note = workspace.change(hands.run, hands.config, repo)
        outcome = push.push(hands, source.read(hands.run, repo), ENVIRONMENT)
    seen, ended = tally(), ends(hands.steps.done[begun:])
    times = {event: ended[event] for event in ("commit", "build", "publish", "apply") if event in ended}
    times |= {"ready": ended["rollout"], "serve": alone(seen, outcome.image.tag)}
    return Half("push", ENVIRONMENT, outcome.image, outcome.url, seen["sent"], seen["failed"], times)
