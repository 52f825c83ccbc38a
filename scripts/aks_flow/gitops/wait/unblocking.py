"""What keeps a commit from arriving for ever: a sync of an older commit, a pod that nobody replaces.

A StatefulSet of an early wave that never gets ready keeps its sync running, and Argo CD begins no other. What
that sync has applied stays when it is ended; the newer commit is synced at once.
"""

from collections.abc import Callable

from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.gitops.wait.lineage import BEHIND, Lineage
from aks_flow.rollout.stuck_pods import PodReplacer
from aks_flow.rollout.verdict.facts import RolloutFacts
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.argocd import Application, ArgoCD, Operation
from aks_flow.tools.kubectl import Kubectl, output

PATIENCE = 30  # seconds that the sync of an older commit may still run


class Unblocker:
    """Called at every look; acts on what has lasted. ``trace``: a revision's lineage."""

    def __init__(
        self,
        run: Runner,
        cluster: Kubectl,
        tool: ArgoCD,
        trace: Callable[[str], Lineage],
        clock: Callable[[], float],
        tell: Callable[[str], None],
    ):
        self._run, self._argocd = run, tool
        self._trace, self._clock, self._tell = trace, clock, tell
        self._since: float | None = None
        self._replace = PodReplacer(run, cluster, tell)

    def __call__(self, application: Application, objects: NamespaceObjects, facts: RolloutFacts) -> None:
        self._end_sync(application)
        self._replace(objects, (workload.target for workload in facts.workloads))

    def _end_sync(self, application: Application) -> None:
        now = self._clock()
        if not self._is_in_the_way(application):
            self._since = None
        elif self._since is None:
            self._since = now
        elif now - self._since >= PATIENCE:
            self._since = None
            if said := _end(self._run, self._argocd, application):
                self._tell(f"{application.name}: {said}")

    def _is_in_the_way(self, application: Application) -> bool:
        operation = application.operation
        is_under_way = operation.running and not operation.is_ending
        return is_under_way and self._trace(operation.revision).kind == BEHIND


def end_sync(context: DeliveryContext, environment: str, commit: str) -> str:
    """End the environment's sync if it is not the one of the commit that was written; a sentence if there was
    one, or if nobody knows, otherwise "".

    Argo CD would not begin the sync of that commit again once it was ended.
    """
    tool = ArgoCD.of(context.config)
    try:
        answer = context.run.run(tool.application(context.cluster(environment).namespace))
        application = argocd.parse(output.only(answer.text)) if answer.text.strip() else None
        if not application or not _is_of_another(application.operation, commit):
            return ""
        said = _end(context.run, tool, application)
    except CommandFailed:
        said = f"nobody answers here for Argo CD; `./inv gitops.wait {environment}` ends a sync that hangs"
    return f"{environment}: {said}" if said else ""


def _end(run: Runner, tool: ArgoCD, application: Application) -> str:
    """End the sync that runs: a sentence, "" if it does not run any more, or has not begun."""
    command = tool.terminate(application)
    answer = run.run(command)
    if argocd.is_over(answer):
        return ""
    words = f"the sync of another commit, {application.operation.revision[:12]}"
    return (
        f"could not end {words}: {CommandFailed(command, answer).last}" if answer.code else f"ended {words}"
    )


def _is_of_another(operation: Operation, commit: str) -> bool:
    return operation.running and operation.revision != commit
