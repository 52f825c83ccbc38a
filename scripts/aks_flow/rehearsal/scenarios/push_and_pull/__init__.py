"""`rehearse`: a delivery by push to dev, one by pull to staging, and a change by each under steady load."""

from collections.abc import Callable

from aks_flow.rehearsal.scenarios import workspace
from aks_flow.rehearsal.scenarios.push_and_pull import applications, pull_path, push_path, summary
from aks_flow.rehearsal.scenarios.push_and_pull.summary import RehearsalSummary
from aks_flow.target.delivery import DeliveryContext


def play(context: DeliveryContext, announce: Callable[[str], None]) -> RehearsalSummary:
    """Both paths, on stand-ins that run. ``announce``: hears the title of each part before it begins."""
    repo = workspace.clone(context.run, context.config)
    announce("Push: develop to dev, with kubectl")
    applications.remove(context, push_path.ENVIRONMENT)
    push_path.deliver(context, repo)
    announce("Push: a change, under load")
    pushed = push_path.deliver_change(context, repo)
    announce("Pull: a release branch to staging, by a commit that Argo CD finds")
    pull_path.deliver_release(context, repo)
    announce("Pull: a change, under load")
    pulled = pull_path.deliver_change(context, repo)
    running = [pod for path in (pushed, pulled) for pod in summary.read_pods(context, path.environment)]
    return RehearsalSummary(running, [pushed, pulled], context.steps.done)
