"""`rehearse --gitflow`: a feature's way to production through the workflow files, by push and then by pull.

`developer_clone` is the clone that a developer would have, `release_cycle` takes one feature through
GitFlow's branches, `timeline` says what happened when.
"""

from collections.abc import Callable

from aks_flow.rehearsal.scenarios.gitflow import delivery_mode, developer_clone
from aks_flow.rehearsal.scenarios.gitflow.release_cycle import CycleResult, ReleaseCycle
from aks_flow.rehearsal.show import pods
from aks_flow.rehearsal.standins.github import github_process
from aks_flow.target.delivery import DeliveryContext


def play(context: DeliveryContext, announce: Callable[[str], None]) -> list[CycleResult]:
    """Both cycles; AksFlowError with the evidence of a run that failed.

    announce: hears the title of each part before it begins.
    """
    hub, cycles = github_process.hub(context.run, context.config), []
    with pods.watched(context):
        for mode in (delivery_mode.PUSH, delivery_mode.PULL):
            announce(f"GitFlow, delivered by {mode}: feature → develop → release → main")
            repo = developer_clone.make(context, hub)
            delivery_mode.switch(context, hub, repo, mode)
            cycles.append(ReleaseCycle(context, hub, repo, mode).run())
    return cycles
