"""Deliveries on the rehearsal: a one-line change, and nothing to do."""

from pathlib import Path

from aks_flow.rehearsal.scenarios import clone_tasks, routes, workspace
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.push_and_pull import pull_path, push_path
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery
from aks_flow.target.delivery import DeliveryContext


def changes_and_no_op(context: DeliveryContext, runs: int) -> list[Figure]:
    """Warm layers: commit to the new version alone serving, by both paths; then `push` with nothing to do."""
    repo = workspace.clone(context.run, context.config)
    push_path.deliver(context, repo)
    pushed = [push_path.deliver_change(context, repo) for _ in range(runs)]
    idle = [seconds(lambda: _push(context, repo)) for _ in range(runs)]
    pull_path.deliver_release(context, repo)
    pulled = [pull_path.deliver_change(context, repo) for _ in range(runs)]
    since_commit = [delivery.seconds for delivery in pushed]
    since_written = [delivery.times["serve"] - delivery.times["write"] for delivery in pulled]
    return [
        Figure("push: one-line change, commit to serving all", "s", 6, since_commit),
        _failed("push", pushed),
        Figure("push with nothing to do", "s", 1, idle),
        Figure("pull: commit on the branch to serving all", "s", 6, since_written),
        _failed("pull", pulled),
    ]


def _failed(path: str, deliveries: list[MeasuredDelivery]) -> Figure:
    samples = [delivery.failed for delivery in deliveries]
    return Figure(f"{path}: requests failed meanwhile, of 50 a second", "", 0, samples)


def _push(context: DeliveryContext, repo: Path) -> None:
    """`./inv push` in the clone, with this environment and these stand-ins."""
    push = clone_tasks.task(repo, "push", "--env", routes.pushed_to(context.config))
    context.run.run(push.with_env(**clone_tasks.variables(context.config, repo)))
