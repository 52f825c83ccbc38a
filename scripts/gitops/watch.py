"""Looking at Argo CD and at the cluster, once and again, until there is a verdict."""

import json
import time
from collections.abc import Callable

from scripts.delivery import Delivery
from scripts.errors import AksFlowError
from scripts.gitops import evidence, lineage, verdict, workload
from scripts.gitops.branch import Branch
from scripts.gitops.lineage import HERE, Goal
from scripts.gitops.verdict import WAITING, Facts, Verdict
from scripts.gitops.workload import Workload
from scripts.runner import CommandFailed
from scripts.tools import argocd
from scripts.tools.argocd import Application, ArgoCD
from scripts.tools.kubectl import Kubectl

ASK_AGAIN = 10  # seconds until a refresh that brought nothing is asked for once more


def argo(delivery: Delivery) -> ArgoCD:
    target = delivery.config.destination
    return ArgoCD(Kubectl(target.kubeconfig, target.context, delivery.config.gitops.namespace))


class Watch:
    """One wait. ``tell`` hears what is waited for whenever that changes; ``waits_for`` is the last of it."""

    def __init__(self, delivery: Delivery, branch: Branch, goal: Goal, tell: Callable[[str], None]):
        self._run, self._goal, self._tell = delivery.run, goal, tell
        self._app, self._argo = delivery.config.app.name, argo(delivery)
        self._cluster = delivery.cluster(goal.environment)
        self._trace = lineage.tracer(branch, goal)
        self._answered = False
        self._troubled_since: float | None = None
        self._asked = float("-inf")
        self.waits_for = ""

    def look(self) -> Verdict | None:
        """A verdict, or None while there is something to wait for; Argo CD is then asked to look too."""
        try:
            found = self._judge()
        except CommandFailed as error:  # a server that has answered once may do so again
            if not self._answered:
                raise
            found = Verdict(WAITING, f"an answer ({error.result.error_text.strip()})")
        if found.kind != WAITING:
            return found
        if found.text != self.waits_for:
            self._tell(f"{self._goal.environment}: waiting for {found.text}")
        self.waits_for = found.text
        return None

    def evidence(self) -> str:
        return evidence.collect(self._run, self._cluster, self._app)

    def _judge(self) -> Verdict:
        application = self._application()
        stands = self._trace(application.revision)
        found = self._workload() if stands.kind == HERE else Workload()
        self._answered = True
        troubled_for = self._troubled_for(verdict.trouble(application, stands))
        self._nudge(application, stands.kind == HERE)
        return verdict.judge(self._goal, Facts(application, stands, found, troubled_for))

    def _application(self) -> Application:
        answer = self._run.run(self._argo.application(self._cluster.namespace))
        if not answer.text.strip():
            what = f"there is no Application {self._cluster.namespace}"
            raise AksFlowError(what, next_step="`./inv argocd.apply` makes it.")
        return argocd.parse(json.loads(answer.stdout))

    def _workload(self) -> Workload:
        answer = self._run.run(self._cluster.get_all("deployments.apps,pods"))
        return workload.parse(json.loads(answer.stdout)["items"], self._app)

    def _troubled_for(self, trouble: str) -> float:
        now = time.monotonic()
        self._troubled_since = (self._troubled_since or now) if trouble else None
        return now - self._troubled_since if self._troubled_since else 0

    def _nudge(self, application: Application, here: bool) -> None:
        """Ask for a refresh, unless Argo CD is at the goal, or was asked a moment ago."""
        now = time.monotonic()
        if not (here or application.refreshing) and now - self._asked >= ASK_AGAIN:
            self._run.run(self._argo.refresh(self._cluster.namespace))
            self._asked = now
