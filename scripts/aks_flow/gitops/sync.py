"""Starting a sync that nobody else starts: a person approves it, or its window is closed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aks_flow.core import wait
from aks_flow.core.command import Command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.gitops.branch.branch import Branch, open_branch
from aks_flow.gitops.branch.history import history
from aks_flow.gitops.outcome import PLANNED, UNCHANGED
from aks_flow.gitops.wait import awaited_commit, lineage
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.watch import application_of
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.argocd import ArgoCD
from aks_flow.tools.kubectl import output

STARTED = "started"


@dataclass(frozen=True)
class SyncOutcome:
    """status: STARTED, UNCHANGED or PLANNED (a dry run). commit: the one that is synced, and no other."""

    environment: str
    status: str
    commit: str
    version: str

    def __str__(self) -> str:
        what = f"the sync of {self.version}, commit {self.commit[:12]}"
        said = {STARTED: "is started", UNCHANGED: "is done, or runs", PLANNED: "would be started"}
        return f"{self.environment}: {what}, {said[self.status]}"


def sync(context: DeliveryContext, environment: str, revision: str = "", dry: bool = False) -> SyncOutcome:
    """Have Argo CD sync exactly this commit; by default the newest that changed what the environment runs.

    AksFlowError if another sync runs.
    """
    tool, name = ArgoCD.of(context.config), context.cluster(environment).namespace
    branch = open_branch(context.run, context.config, history=True)
    awaited = awaited_commit.read(branch, environment, revision)

    def asked() -> str:
        item = application_of(context.run, tool, name)
        status = status_of(argocd.parse(item), partial(has_awaited, branch, awaited), environment)
        if status == STARTED and dry:
            return PLANNED
        if status == STARTED and not is_started(context.run, tool.sync(item, awaited.commit)):
            return ""
        return status

    status = wait.until(asked, f"{environment}: the start of the sync", context.config.deadline)
    return SyncOutcome(environment, status, awaited.commit, awaited.image.tag)


def is_started(run: Runner, start: Command) -> bool:
    """Start it; False if the Application was written since it was read, as Argo CD does all the time."""
    answer = run.run(start)
    if answer.code and output.refusal(answer) != "Conflict":
        raise CommandFailed(start, answer)
    return answer.code == 0


def has_awaited(branch: Branch, awaited: AwaitedCommit, revision: str) -> bool:
    """Whether a revision has the environment as the awaited commit has it; a hold makes no difference."""
    if revision == awaited.commit:
        return True
    if not lineage.is_known(branch, revision):
        return False
    ours, theirs = (
        history(branch, branch.tip_at(commit), awaited.environment, count=1)
        for commit in (awaited.commit, revision)
    )
    return ours == theirs


def status_of(application: argocd.Application, has: Callable[[str], bool], environment: str) -> str:
    """STARTED, or UNCHANGED if the commit's sync runs or is done; AksFlowError beside another.

    has: whether a revision brings what is to be synced. All of it may be there although its sync failed, as
    with a PostSync hook.
    """
    operation = application.operation
    if operation.running and not has(operation.revision):
        what = f"a sync of commit {operation.revision[:12]} runs{operation.remark}"
        step = f"`./inv gitops.wait {environment}` ends it if it hangs; then run this again."
        raise AksFlowError(what, where=environment, next_step=step)
    failed = operation.failed and has(operation.revision)
    synced = application.sync == "Synced" and has(application.revision) and not failed
    return UNCHANGED if operation.running or synced else STARTED
