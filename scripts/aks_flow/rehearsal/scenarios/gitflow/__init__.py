"""`rehearse --gitflow`: a feature's way to production through the workflow files, by push and then by pull.

With `--pr` main and develop take no pushes, and branches come there by pull requests (`by_request`).
`developer_clone` is the clone that a developer would have, `release_cycle` takes one feature through
GitFlow's branches, `timeline` says what happened when.
"""

from collections.abc import Callable
from contextlib import nullcontext

from aks_flow.rehearsal.scenarios.gitflow import by_request, delivery_mode, developer_clone
from aks_flow.rehearsal.scenarios.gitflow.release_cycle import CycleResult, ReleaseCycle
from aks_flow.rehearsal.show import pods
from aks_flow.rehearsal.standins.github import github_process
from aks_flow.target.delivery import DeliveryContext


def play(context: DeliveryContext, announce: Callable[[str], None], requests: bool) -> list[CycleResult]:
    """Both cycles, merged by pushes or by pull requests; AksFlowError with the evidence of a run that failed.

    announce: hears the title of each part before it begins.
    """
    hub, cycles = github_process.hub(context.run, context.config), []
    with pods.watched(context):
        for mode in (delivery_mode.PUSH, delivery_mode.PULL):
            merged = ", merged by pull requests" if requests else ""
            announce(f"GitFlow, delivered by {mode}{merged}: feature → develop → release → main")
            repo = developer_clone.make(context, hub)
            delivery_mode.switch(context, hub, repo, mode)
            with by_request.protected(hub, context.config) if requests else nullcontext():
                cycles.append(ReleaseCycle(context, hub, repo, mode, requests).run())
    return cycles
