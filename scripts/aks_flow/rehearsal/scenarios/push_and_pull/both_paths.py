"""`rehearse`: a delivery by push, one by pull, and a change by each under steady load."""

from collections.abc import Callable
from pathlib import Path

from aks_flow.core.config import Config
from aks_flow.rehearsal.scenarios import routes, workspace
from aks_flow.rehearsal.scenarios.push_and_pull import applications, pull_path, push_path, summary
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery
from aks_flow.rehearsal.scenarios.push_and_pull.summary import RehearsalSummary
from aks_flow.rehearsal.show import pods
from aks_flow.target.delivery import DeliveryContext

Announce = Callable[[str], None]
PULL_CHANGE = "Pull: a change, under load"


def play(context: DeliveryContext, announce: Announce) -> RehearsalSummary:
    """Both paths, on stand-ins that run. ``announce``: hears the title of each part before it begins."""
    with pods.watched(context):
        return _play(context, announce)


def _play(context: DeliveryContext, announce: Announce) -> RehearsalSummary:
    repo = workspace.clone(context.run, context.config)
    applications.remove(context, routes.pushed_to(context.config))
    pushed = push_half(context, repo, announce)
    announce(pull_title(context.config))
    pull_path.deliver_release(context, repo)
    announce(PULL_CHANGE)
    pulled = pull_path.deliver_change(context, repo)
    workspace.leave_commits(context.run, context.config, repo)
    environments = dict.fromkeys(path.environment for path in (pushed, pulled))
    running = [pod for name in environments for pod in summary.read_pods(context, name)]
    return RehearsalSummary(running, [pushed, pulled], context.steps.done)


def push_half(
    context: DeliveryContext, repo: Path, announce: Announce, direct: bool = True
) -> MeasuredDelivery:
    """The clone's commit by push, and then a change of it. direct: see `entrance.opened`."""
    config = context.config
    announce(f"Push: {routes.develop(config)} to {routes.pushed_to(config)}, with kubectl")
    push_path.deliver(context, repo)
    announce("Push: a change, under load")
    return push_path.deliver_change(context, repo, direct)


def pull_title(config: Config) -> str:
    return f"Pull: a release branch to {routes.pulled_to(config)}, by a commit that Argo CD finds"
