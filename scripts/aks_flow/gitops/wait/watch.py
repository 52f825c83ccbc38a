"""Looking at Argo CD and at the cluster, once and again, until there is a verdict."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.core.command import Command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.patience import impatient
from aks_flow.core.runner import Runner
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.wait import lineage, trouble, unhealthy, verdict
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.lineage import BEHIND, REACHED
from aks_flow.gitops.wait.running import own_container
from aks_flow.gitops.wait.unblocking import Unblocker
from aks_flow.gitops.wait.verdict import WAITING, ArrivalFacts, ArrivalVerdict
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch import watch
from aks_flow.rollout.watch.server_clock import ServerClock
from aks_flow.rollout.watch.snapshot import AnsweredClock
from aks_flow.rollout.watch.watch import Observation
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.argocd import Application, ArgoCD, Operation
from aks_flow.tools.kubectl import kinds, output

ASK_AGAIN = 10  # seconds until a refresh that changed nothing is asked for once more


def application_of(run: Runner, tool: ArgoCD, name: str) -> dict:
    """The Application object; AksFlowError if there is none."""
    answer = run.run(tool.application(name))
    if not answer.text.strip():
        raise AksFlowError(f"there is no Application {name}", next_step="`./inv argocd.apply` makes it.")
    return output.only(answer.text)


def _refuse_deleted(item: dict) -> None:
    """AksFlowError if the Application is being deleted: it is synced no more, and its workloads may go."""
    if item["metadata"].get("deletionTimestamp"):
        step = "Once it is gone, `./inv argocd.apply` makes it anew."
        raise AksFlowError(f"the Application {item['metadata']['name']} is being deleted", next_step=step)


@dataclass(frozen=True)
class FirstLook:
    """shown: whether there was an Application. asked: whether Argo CD was asked to compare."""

    shown: bool = False
    asked: bool = False


def ask_to_look(context: DeliveryContext, awaited: AwaitedCommit) -> FirstLook:
    """Have Argo CD compare with the branch now, unless it has with this commit.

    What cannot be asked is no failure here: whoever waits asks again.
    """
    run, name = impatient(context.run), context.cluster(awaited.environment).namespace
    shown: list[Application] = []
    try:
        items = output.objects(run.run(ArgoCD.of(context.config).application(name)).text)
        shown = [argocd.parse(item) for item in items]
        behind = [seen for seen in shown if seen.revision != awaited.commit]
        if behind:
            run.run(ArgoCD.of(context.config).refresh(name, behind[0].remembers_error))
    except AksFlowError:
        return FirstLook(bool(shown))
    return FirstLook(bool(shown), bool(behind))


class ArrivalWatch:
    """Waits once for the ``awaited`` commit, whose workloads are the ``goal``.

    ``tell`` hears what is waited for whenever that changes; ``waits_for`` is the last of it. ``seen``: the
    verdict on the workloads, and what it is about. ``clock``: seconds during which the server answered, which
    is why looks do not ask again by themselves.
    """

    def __init__(
        self,
        context: DeliveryContext,
        branch: Branch,
        awaited: AwaitedCommit,
        goal: RolloutGoal,
        tell: Callable[[str], None],
        first: FirstLook = FirstLook(),
    ):
        """first: what was seen and asked a moment ago."""
        self._run, self._awaited, self._goal, self._tell = impatient(context.run), awaited, goal, tell
        self._patient = context.run
        self._app, self._argocd = context.config.app.name, ArgoCD.of(context.config)
        self._cluster = context.cluster(awaited.environment)
        self._trace = lineage.tracer(branch, awaited)
        self.clock = AnsweredClock()
        self._judge = watch.Judge(self.clock, ServerClock(self._run, self._cluster))
        self._unblock = Unblocker(self._run, self._cluster, self._argocd, self._trace, self.clock, tell)
        self._troubled_since: float | None = None
        self._refreshed_at = time.monotonic() if first.asked else float("-inf")
        self._named_at = float("-inf")
        self._has_looked = self._has_seen = False
        self._shown = first.shown
        self._unhealthy: tuple[str, ...] = ()
        self._warned: set[str] = set()
        self.waits_for = ""
        self.seen: Observation | None = None

    def commands(self, seconds: float) -> dict[str, Command]:
        """What to follow: the Application, and all that tells about the workloads."""
        application = self._argocd.watch(self._cluster.namespace, int(seconds) + watch.LONGER)
        return {"Application": application, **watch.commands(self._cluster, self._goal, seconds)}

    @property
    def longer(self) -> int:
        """Seconds by which the deadline is put off: a node is being added for a pod."""
        return self._judge.longer

    def ask(self) -> list[dict]:
        """The same, once."""
        application = application_of(self._run, self._argocd, self._cluster.namespace)
        return [application, *watch.objects(self._run, self._cluster, self._goal)]

    def expect_application(self) -> None:
        """AksFlowError if there is no Application: it would be followed in vain."""
        if not self._shown:
            self.application()

    def application(self) -> dict:
        """The Application object, apart from all looks; AksFlowError if there is none."""
        return application_of(self._patient, self._argocd, self._cluster.namespace)

    def look(self, items: list[dict], overdue: bool) -> ArrivalVerdict:
        """The verdict; while there is something to wait for, Argo CD is asked to look too.

        AksFlowError once the Application is deleted.
        """
        application = NamespaceObjects(items).named("Application", self._cluster.namespace)
        if application is None:
            if self._has_seen:  # it was deleted, unless somebody makes it anew
                application_of(self._run, self._argocd, self._cluster.namespace)
            return self._waiting(ArrivalVerdict(WAITING, "the cluster to show the Application"))
        self._has_seen = True
        _refuse_deleted(application)
        judged = self._judged(argocd.parse(application), items, overdue)
        return self._waiting(judged) if judged.kind == WAITING else judged

    def _judged(self, application: Application, items: list[dict], overdue: bool) -> ArrivalVerdict:
        traced = self._trace(application.revision)
        self.seen = self._judge(verdict.synced_part(application, traced, self._goal), items, overdue)
        begun = self._has_begun(application.operation)
        troubled = trouble.read(self._awaited, application, traced, self._looked(application), begun)
        self._refresh(application, traced.kind == REACHED)
        if traced.kind == REACHED:
            self._warn(application)
        self._unblock(application, NamespaceObjects(items), self.seen.facts)
        return verdict.judge(
            self._awaited,
            ArrivalFacts(
                application,
                traced,
                named_by(NamespaceObjects(items), self._app),
                self.seen.verdict,
                troubled,
                self._troubled_for(troubled is not None),
                self._named_unhealthy(application, overdue),
                overdue,
                begun,
            ),
        )

    def _has_begun(self, operation: Operation) -> bool:
        """Whether the last sync is of the commit, or of a later one."""
        is_of_it = bool(operation.revision) and self._trace(operation.revision).kind != BEHIND
        return is_of_it and not operation.is_blocked

    def _looked(self, application: Application) -> bool:
        """Whether Argo CD has done a refresh that was asked for here; another one takes nothing back."""
        asked = self._refreshed_at > float("-inf")
        self._has_looked = self._has_looked or (asked and not application.refreshing)
        return self._has_looked

    def _named_unhealthy(self, application: Application, overdue: bool) -> tuple[str, ...]:
        """The objects that are not well, asked for now and then: once only they are waited for."""
        if self.seen.verdict.kind != GOOD or application.health == "Healthy":
            return ()
        if overdue or self.clock() - self._named_at >= ASK_AGAIN:
            self._unhealthy = unhealthy.named(self._run, self._cluster, application)
            self._named_at = self.clock()
        return self._unhealthy

    def _waiting(self, waiting: ArrivalVerdict) -> ArrivalVerdict:
        self.say(waiting.text)
        return waiting

    def say(self, waits_for: str) -> None:
        """What is waited for; the same words again are said once."""
        if waits_for != self.waits_for:
            self._tell(f"{self._awaited.environment}: waiting for {waits_for}")
        self.waits_for = waits_for

    def _warn(self, application: Application) -> None:
        """What Argo CD leaves out of the commit, or has twice: it is Synced nevertheless."""
        for warning in application.warnings:
            if warning not in self._warned:
                self._tell(f"{self._awaited.environment}: Argo CD warns: {warning}")
        self._warned.update(application.warnings)

    def _troubled_for(self, troubled: bool) -> float:
        now = self.clock()
        if not troubled or self._troubled_since is None:
            self._troubled_since = now if troubled else None
        return now - self._troubled_since if troubled else 0

    def _refresh(self, application: Application, reached: bool) -> None:
        """Ask for a refresh, unless Argo CD is at the commit, or was asked a moment ago."""
        now = time.monotonic()
        if not (reached or application.refreshing) and now - self._refreshed_at >= ASK_AGAIN:
            self._run.run(self._argocd.refresh(self._cluster.namespace, application.remembers_error))
            self._refreshed_at = now


def named_by(objects: NamespaceObjects, app: str) -> ImageRef | None:
    """The image that the app's own workload names for it; None without such a one."""
    own = next(filter(None, (objects.named(kind, app) for kind in kinds.OWN)), None)
    if own is None:
        return None
    containers = own["spec"]["template"]["spec"]["containers"]
    return ImageRef.parse(own_container(containers, app)["image"])
