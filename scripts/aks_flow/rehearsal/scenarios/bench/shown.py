"""What it costs a delivery to be shown on a page: a push under load, shown and not, in turns."""

from dataclasses import replace
from pathlib import Path

from aks_flow.core.steps import Steps
from aks_flow.rehearsal.scenarios import workspace
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.bench.pairs import MeasuredPair
from aks_flow.rehearsal.scenarios.push_and_pull import push_path
from aks_flow.rehearsal.show import live, pods
from aks_flow.target.delivery import DeliveryContext

_MOST = 1.03  # the page may cost three hundredths


def measure(context: DeliveryContext, runs: int) -> list[Figure]:
    """The ratio of the same push, commit to serving alone, and both sides."""
    repo = workspace.clone(context.run, context.config)
    push_path.deliver(context, repo)
    pair = MeasuredPair("push, shown on a page", _MOST, "the same, not shown")
    for _ in range(runs):
        pair.tasks.append(_shown(context, repo))
        pair.hands.append(push_path.deliver_change(context, repo).seconds)
    return pair.figures


def _shown(context: DeliveryContext, repo: Path) -> float:
    with live.shown(context.config, "what a page costs", lambda _: None) as page, pods.watched(context):
        return push_path.deliver_change(replace(context, steps=Steps(page)), repo).seconds
