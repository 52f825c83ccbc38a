"""Looking at Argo CD and at the cluster, once and again, until there is a verdict."""

import json
import time
from collections.abc import Callable

from aks_flow.core.command import Command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.wait import lineage, verdict
from aks_flow.gitops.wait.lineage import HERE, Goal
from aks_flow.gitops.wait.verdict import WAITING, Facts, Verdict
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.watch import watch as watching
from aks_flow.rollout.watch.watch import Observation
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.argocd import Application, ArgoCD
from aks_flow.tools.kubectl import Kubectl

ASK_AGAIN = 10  # seconds until a refresh that brought nothing is asked for once more


def argo(context: DeliveryContext) -> ArgoCD:
    target = context.config.destination
    return ArgoCD(Kubectl(target.kubeconfig, target.context, context.config.gitops.namespace))


class Watch:
    """One wait for ``goal``, whose commit holds the ``workloads``.

    ``tell`` hears what is waited for whenever that changes; ``waits_for`` is the last of it. ``seen``: the
    verdict on the workloads, and what it is about.
    """

    def __init__(
        self,
        context: DeliveryContext,
        branch: Branch,
        goal: Goal,
        workloads: RolloutGoal,
        tell: Callable[[str], None],
    ):
        self._run, self._goal, self._workloads, self._tell = context.run, goal, workloads, tell
        self._app, self._argo = context.config.app.name, argo(context)
        self._cluster = context.cluster(goal.environment)
        self._trace = lineage.tracer(branch, goal)
        self._judge = watching.Judge()
        self._troubled_since: float | None = None
        self._asked = float("-inf")
        self.waits_for = ""
        self.seen: Observation | None = None

    def commands(self, seconds: float) -> dict[str, Command]:
        """What to follow: the Application, and all that tells about the workloads."""
        application = self._argo.watch(self._cluster.namespace, int(seconds) + watching.LONGER)
        return {"Application": application, **watching.commands(self._cluster, self._workloads, seconds)}

    def ask(self) -> list[dict]:
        """The same, once."""
        return [self.application(), *watching.objects(self._run, self._cluster, self._workloads)]

    def application(self) -> dict:
        """AksFlowError if there is none."""
        answer = self._run.run(self._argo.application(self._cluster.namespace))
        if not answer.text.strip():
            what = f"there is no Application {self._cluster.namespace}"
            raise AksFlowError(what, next_step="`./inv argocd.apply` makes it.")
        return json.loads(answer.stdout)

    def look(self, items: list[dict], overdue: bool) -> Verdict:
        """The verdict; while there is something to wait for, Argo CD is asked to look too."""
        application = NamespaceObjects(items).named("Application", self._cluster.namespace)
        if application is None:
            return self._waiting(Verdict(WAITING, "the cluster to show the Application"))
        found = self._judged(argocd.parse(application), items, overdue)
        return self._waiting(found) if found.kind == WAITING else found

    def _judged(self, application: Application, items: list[dict], overdue: bool) -> Verdict:
        stands = self._trace(application.revision)
        self.seen = self._judge(verdict.brought(application, stands, self._workloads), items, overdue)
        troubled_for = self._troubled_for(verdict.trouble(application, stands))
        self._nudge(application, stands.kind == HERE)
        named = named_by(NamespaceObjects(items), self._app)
        return verdict.judge(self._goal, Facts(application, stands, named, self.seen.verdict, troubled_for))

    def _waiting(self, found: Verdict) -> Verdict:
        if found.text != self.waits_for:
            self._tell(f"{self._goal.environment}: waiting for {found.text}")
        self.waits_for = found.text
        return found

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


def named_by(objects: NamespaceObjects, app: str) -> ImageRef | None:
    """The image that the app's Deployment names for it."""
    deployment = objects.named("Deployment", app)
    if deployment is None:
        return None
    containers = deployment["spec"]["template"]["spec"]["containers"]
    chosen = next((one for one in containers if one["name"] == app), containers[0])
    return ImageRef.parse(chosen["image"])
