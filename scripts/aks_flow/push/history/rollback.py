"""Back to an earlier revision: everything that it had, ConfigMaps included, and nothing that came since."""

from dataclasses import dataclass, replace

from aks_flow.core.errors import AksFlowError
from aks_flow.push import managed
from aks_flow.push.apply import apply_at_once
from aks_flow.push.failed_apply import failures_judged
from aks_flow.push.fields.takeover import take_over
from aks_flow.push.history import store, stored
from aks_flow.push.history.history import History
from aks_flow.push.history.replaced import left_over, to_put_back
from aks_flow.push.history.revision import REJECTED, WAITS, Revision
from aks_flow.push.lock.fence import hold_lock
from aks_flow.push.plan import PushPlan
from aks_flow.push.strategy import cluster_state
from aks_flow.push.verify import verify
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch.failure import BadVerdict, Undone
from aks_flow.target.api_proxy import through_proxy
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import apply, delete, output, resources
from aks_flow.tools.kubectl.kinds import LASTING


@dataclass(frozen=True)
class Restored:
    """revision: the one gone back to. number: of the new revision that this is, 0 if none could be kept.

    put_back: what ``revision`` does not have, and is again as it was then. left: what holds data, and is
    left as later deliveries made it.
    """

    revision: Revision
    number: int
    put_back: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def rest(self) -> str:
        """What else there is to say about it, as the end of a sentence; mostly nothing."""
        parts = {"as it was before": self.put_back, "left as it is": self.left}
        return "".join(f"; {what}: {', '.join(names)}" for what, names in parts.items() if names)


def undo(context: DeliveryContext, environment: str, number: str) -> Restored:
    """Go back to the revision of this number, "" for the good one before; AksFlowError if it is not there.

    Which one that is is decided once: a delivery that comes meanwhile is taken back as well.
    """
    with through_proxy(context, environment) as quick:
        return _undo(quick, environment, number)


def _undo(context: DeliveryContext, environment: str, number: str) -> Restored:
    chosen = store.read(context, environment).chosen(number)  # refused before anybody waits for the lock
    managed.refuse_undo(context, environment, chosen.manifest)
    with hold_lock(context, environment) as lock:
        history = store.read(lock.context, environment)
        if history.last.verdict == WAITS:
            history = store.conclude(lock.context, history, REJECTED)
        return restore(lock.context, history, history.get(chosen.number))


def restore(context: DeliveryContext, history: History, revision: Revision) -> Restored:
    """Apply a revision again, delete what later deliveries made, put back what they changed, and verify it.

    That is a new revision of the history. BadVerdict if it is not healthy either; AksFlowError, before
    anything is changed, for a revision that is damaged or has objects of another namespace.
    """
    environment = history.environment
    plan = plan_of(context, environment, revision)
    stored.check(revision, plan.namespace)
    before = stored.inside(to_put_back(history, revision))
    recorded = _recorded(context, history, plan, revision)
    try:
        with failures_judged(context, plan):
            verify(context, plan, _apply(context, history, plan, revision, before))
    except BadVerdict as bad:
        _conclude(context, recorded, bad.reason)
        raise bad.after(_left(environment)) from bad
    _conclude(context, recorded, GOOD)
    names = map(output.object_name, before)
    left = left_over(history, revision) + stored.left_alone(revision, plan.namespace)
    return Restored(revision, recorded.last.number if recorded else 0, tuple(names), tuple(left))


def _apply(
    context: DeliveryContext, history: History, plan: PushPlan, revision: Revision, before: list[dict]
) -> RolloutGoal:
    with context.steps("undo") as step:
        step.note = f"back to {revision}"
        inside = stored.of_the_namespace(revision)
        take_over(context, plan.environment, inside)
        # All at once: what a wave would wait for may be what is broken.
        goal = apply_at_once(context, plan, inside)
        cluster_state.remove_twins(context, plan.environment)
        _prune(context, history, revision)
        if before:
            take_over(context, plan.environment, resources.documents(before))
            context.run.run(apply.delivered(context.cluster(plan.environment), resources.documents(before)))
    return replace(goal, restores=True)


def _recorded(context: DeliveryContext, history: History, plan: PushPlan, old: Revision) -> History | None:
    """The history with the way back as its newest; None if that fails: going back does not hang on it."""
    try:
        return store.record(context, history, plan, restores=old.number)
    except AksFlowError as error:
        with context.steps("history") as step:
            step.note = f"the way back to {old} could not be written down: {error.in_one_line}"
        return None


def _conclude(context: DeliveryContext, recorded: History | None, verdict: str) -> None:
    if recorded:
        store.conclude(context, recorded, verdict)


def plan_of(context: DeliveryContext, environment: str, revision: Revision) -> PushPlan:
    """The plan that applies a revision again, whose manifest was kept."""
    return PushPlan(
        environment,
        context.cluster(environment).namespace,
        revision.image,
        revision.manifest,
        commit=revision.commit,
        contract=revision.contract or context.config.contract,
        checks=revision.checks,
    )


def _left(environment: str) -> Undone:
    step = f"`./inv push.history --env {environment}` shows what else `push.undo --to N` can go back to."
    return Undone("left", f"It is left as it is. {step}")


def _prune(context: DeliveryContext, history: History, revision: Revision) -> None:
    """Delete what later deliveries made and ``revision`` does not have."""
    created = history.created_since(revision.number) - set(revision.objects)
    names = sorted(name for name in stored.names_inside(created) if not name.startswith(LASTING))
    if names:
        context.run.run(delete.objects(context.cluster(history.environment), *names))
