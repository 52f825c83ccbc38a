"""`rehearse`: a delivery by push, one by pull, and a change by each under steady load."""

from collections.abc import Callable

from aks_flow.rehearsal.scenarios import routes, workspace
from aks_flow.rehearsal.scenarios.push_and_pull import applications, pull_path, push_path, summary
from aks_flow.rehearsal.scenarios.push_and_pull.summary import RehearsalSummary
from aks_flow.target.delivery import DeliveryContext


def play(context: DeliveryContext, announce: Callable[[str], None]) -> RehearsalSummary:
    """Both paths, on stand-ins that run. ``announce``: hears the title of each part before it begins."""
    config = context.config
    repo, environment = workspace.clone(context.run, config), routes.pushed_to(config)
    announce(f"Push: {routes.develop(config)} to {environment}, with kubectl")
    applications.remove(context, environment)
    push_path.deliver(context, repo)
    announce("Push: a change, under load")
    pushed = push_path.deliver_change(context, repo)
    announce(f"Pull: a release branch to {routes.pulled_to(config)}, by a commit that Argo CD finds")
    pull_path.deliver_release(context, repo)
    announce("Pull: a change, under load")
    pulled = pull_path.deliver_change(context, repo)
    environments = dict.fromkeys(path.environment for path in (pushed, pulled))
    running = [pod for name in environments for pod in summary.read_pods(context, name)]
    return RehearsalSummary(running, [pushed, pulled], context.steps.done)
