"""What Argo CD finds wrong with the awaited commit, and how long that must last to be believed.

A condition stays until Argo CD has compared or synced again, so at first it is that of the commit before.
"""

import re
from dataclasses import dataclass

from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.lineage import REACHED, Lineage
from aks_flow.tools.argocd import Application, Condition, Operation

GRACE = 15  # seconds that a trouble may last: it can still be that of the sync before
AWAY = 180  # seconds that Argo CD's own servers, or git's, may be away: as long as it polls

_COMPARISON, _SYNC = "ComparisonError", "SyncError"
# NOAUTH and WRONGPASS are words of Argo CD's own cache.
_ABSENT = re.compile(
    r"code = (Unavailable|DeadlineExceeded|Canceled)|connection re(fused|set)|deadline exceeded|"
    r"i/o timeout|failed timeout after|TLS handshake|error dialing|\bEOF\b|status code: (429|5\d\d)|"
    r"no such host|server misbehaving|could not resolve host|no route to host|network is unreachable|"
    r"NOAUTH|WRONGPASS",
    re.IGNORECASE,
)
_UNREADABLE = re.compile(
    r"authentication (required|failed)|authorization failed|permission denied|"
    r"could not read (username|password|from remote)|could not refresh installation id|"
    r"repository not found|unable to authenticate|knownhosts: key|error creating SSH agent|"
    r"ssh: (no key found|this private key)|x509: |does not (appear to be a git repo|exist)",
    re.IGNORECASE,
)
_ENDED = "Operation terminated"  # by a person, or by `gitops.wait`
_RENDERING = ("app path", "kustomize build", "helm template")  # the repository was read by then


@dataclass(frozen=True)
class ArgoTrouble:
    """text: what is wrong. grace: seconds that it must last. unreadable: whether git refuses Argo CD.

    sync_failed: whether the commit's own sync failed, for what the commit holds.
    """

    text: str
    grace: float
    unreadable: bool = False
    sync_failed: bool = False


def read(
    awaited: AwaitedCommit, application: Application, lineage: Lineage, looked: bool, begun: bool
) -> ArgoTrouble | None:
    """What does not heal by waiting, if it lasts; None if there is nothing of the kind.

    looked: whether Argo CD has looked at the branch since the waiting began. begun: whether the last sync is
    of the awaited commit.
    """
    reached = lineage.kind == REACHED
    for condition in application.errors:
        if _is_of_now(condition, awaited, application, reached, looked):
            if condition.kind == _SYNC:
                return _of_sync(str(condition), application.operation)
            return _of_condition(condition)
    operation = application.operation
    if reached and begun and operation.failed:
        return _of_sync(f"the sync failed: {operation.message}", operation)
    return None


def _of_sync(text: str, operation: Operation) -> ArgoTrouble:
    """Argo CD's message is about all tasks together: what failed has its own, a hook above all."""
    new = [failure for failure in operation.failures if failure.partition(": ")[2] not in text]
    text = f"{text} ({'; '.join(new)})" if new else text
    is_elsewhere = operation.is_error or _ENDED in text or _ABSENT.search(text) or _is_metrics(operation)
    return ArgoTrouble(text, GRACE, sync_failed=operation.failed and not is_elsewhere)


def _is_metrics(operation: Operation) -> bool:
    """Whether nothing failed but autoscalers: they are Degraded until they have metrics."""
    kinds = {failure.partition("/")[0] for failure in operation.failures}
    return kinds == {"HorizontalPodAutoscaler"}


def _is_of_now(
    condition: Condition, awaited: AwaitedCommit, application: Application, reached: bool, looked: bool
) -> bool:
    """Whether the awaited commit can be its cause. A sync's error names the commit that was synced."""
    if condition.kind == _SYNC:
        revisions = {awaited.commit, application.revision} if reached else {awaited.commit}
        return any(revision and revision in condition.message for revision in revisions)
    return reached or looked


def is_unreadable(condition: Condition) -> bool:
    """Whether git does not let Argo CD read the repository."""
    message = condition.message
    is_there = condition.kind == _COMPARISON and not _ABSENT.search(message)
    is_read = any(words in message for words in _RENDERING)
    return is_there and not is_read and bool(_UNREADABLE.search(message))


def _of_condition(condition: Condition) -> ArgoTrouble:
    text, is_comparison = str(condition), condition.kind == _COMPARISON
    if is_unreadable(condition):
        return ArgoTrouble(text, GRACE, unreadable=True)
    return ArgoTrouble(text, AWAY if is_comparison and _ABSENT.search(condition.message) else GRACE)
