"""The pull path's way back by itself: a commit that proved bad is taken back, and the environment held."""

from collections.abc import Callable

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.outcome import UNCHANGED
from aks_flow.gitops.undo import undo
from aks_flow.gitops.wait import awaited_commit
from aks_flow.gitops.wait.arrival import Arrival, Untried, wait_for_arrival
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.unblocking import end_sync
from aks_flow.rollout.verdict.reasons import NO_ANSWER, OVERWRITTEN
from aks_flow.rollout.watch.failure import BadVerdict, Undone
from aks_flow.target.delivery import DeliveryContext

_NO_VERDICT = (NO_ANSWER, OVERWRITTEN)  # nobody knows, or somebody else's commit is there


def wait_or_undo(
    context: DeliveryContext, environment: str, revision: str, tell: Callable[[str], None]
) -> Arrival:
    """As `wait_for_arrival`; a bad commit is taken back and held, and its BadVerdict says what came of that.

    A newer commit is never taken back with it.
    """
    branch = open_branch(context.run, context.config, history=True)
    awaited = awaited_commit.read(branch, environment, revision)
    try:
        return wait_for_arrival(context, environment, awaited.commit, tell)
    except BadVerdict as bad:
        if bad.reason in _NO_VERDICT or isinstance(bad, Untried):
            raise
        raise bad.after(_undone(context, awaited, bad, tell)) from bad


def _undone(
    context: DeliveryContext, awaited: AwaitedCommit, bad: BadVerdict, tell: Callable[[str], None]
) -> Undone:
    environment = awaited.environment
    try:
        outcome = undo(context, environment, f"{awaited.image.tag}: {bad.reason}", only=awaited.commit)
        if outcome.status == UNCHANGED:
            return Undone("left", f"It is left as it is: {outcome.note}.")
        if said := end_sync(context, environment, outcome.commit):
            tell(said)
        arrival = wait_for_arrival(context, environment, "", tell)
    except AksFlowError as error:
        return Undone("failed", f"Taking it back failed, too: {error}")
    on = f"`./inv gitops.release-hold {environment}` lets deliveries go on"
    return Undone("restored", f"It is back at {arrival.image.tag}, which runs, and is held: {on}.")
