"""Deliveries on the rehearsal under load: a one-line change by both paths, and what users notice of it."""

from aks_flow.rehearsal.scenarios import workspace
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.push_and_pull import pull_path, push_path
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery
from aks_flow.target.delivery import DeliveryContext


def changes(context: DeliveryContext, runs: int) -> list[Figure]:
    """Warm layers: commit to the new version alone serving, by both paths."""
    repo = workspace.clone(context.run, context.config)
    push_path.deliver(context, repo)
    pushed = [push_path.deliver_change(context, repo) for _ in range(runs)]
    pull_path.deliver_release(context, repo)
    pulled = [pull_path.deliver_change(context, repo) for _ in range(runs)]
    since_commit = [delivery.seconds for delivery in pushed]
    since_written = [delivery.times["serve"] - delivery.times["write"] for delivery in pulled]
    return [
        Figure("push: one-line change, commit to serving all", "s", None, since_commit),
        _failed("push", pushed),
        Figure("pull: commit on the branch to serving all", "s", None, since_written),
        _failed("pull", pulled),
    ]


def _failed(path: str, deliveries: list[MeasuredDelivery]) -> Figure:
    samples = [delivery.failed for delivery in deliveries]
    return Figure(f"{path}: requests failed meanwhile, of 50 a second", "", 0, samples)
