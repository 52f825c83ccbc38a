"""After a bad verdict: back to the last good revision, or the reason why not."""

from collections.abc import Callable
from dataclasses import replace

from aks_flow.core.errors import AksFlowError
from aks_flow.manifests import render
from aks_flow.push.fields.foreign import ForeignField, foreign_fields
from aks_flow.push.history import rollback, store
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import Revision
from aks_flow.push.plan import PushPlan
from aks_flow.rollout.verdict.reasons import NO_ANSWER, OVERWRITTEN
from aks_flow.rollout.watch.failure import BadVerdict, Undone
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get, output

Withdraw = Callable[[], None]
_MOST = 10  # fields changed by hand that are named


def roll_back(
    context: DeliveryContext,
    plan: PushPlan,
    history: History,
    bad: BadVerdict,
    undo: bool,
    withdraw: Withdraw | None = None,
) -> BadVerdict:
    """Roll back from ``plan``, whose revision is the history's last one, and write the verdict down there.

    Gives the error to raise: ``bad`` with what came of the rollback. undo: whether to roll back at all.
    withdraw: what a strategy does before that.
    """
    bad = with_foreign_fields(context, plan, bad)  # going back takes them away
    undone = _undone(context, plan, history, bad, undo, withdraw)
    if history.last and history.last.same(plan.manifest):
        store.conclude(context, history, bad.reason)
    return bad.after(undone)


def _undone(
    context: DeliveryContext,
    plan: PushPlan,
    history: History,
    bad: BadVerdict,
    undo: bool,
    withdraw: Withdraw | None,
) -> Undone:
    back = f"`./inv push.undo --env {plan.environment}` goes back."
    if bad.reason == NO_ANSWER:
        again = "the same command again looks at it, and"
        return Undone("left", f"It is left as it is, good or bad: {again} {back}")
    if not undo:
        return Undone("left", f"It is left as it is; {back}")
    revision = None if bad.reason == OVERWRITTEN else history.good_before(plan.manifest)
    restored = None
    try:
        if withdraw:
            withdraw()
        if revision:
            restored = rollback.restore(context, history, revision)
    except AksFlowError as error:
        return _failed(revision, error)
    if bad.reason == OVERWRITTEN:
        return Undone("left", "It is left as the other delivery made it.")
    if restored is None:
        return Undone("none", "There is nothing to go back to: no other delivery here was good.")
    return Undone("restored", f"It is back at {revision}, which runs{restored.rest}.", revision.number)


def _failed(revision: Revision | None, error: AksFlowError) -> Undone:
    place, number = (f" to {revision}", revision.number) if revision else ("", 0)
    return Undone("failed", f"Going back{place} failed, too: {error}", number)


def with_foreign_fields(context: DeliveryContext, plan: PushPlan, bad: BadVerdict) -> BadVerdict:
    """The verdict; its first finding says what people set in the plan's objects, if the cluster tells."""
    if bad.reason == NO_ANSWER:
        return bad
    try:
        fields = [field for field in _read(context, plan) if field.by_hand]
    except AksFlowError:
        return bad
    first, *rest = bad.findings
    notes = [f"changed by hand: {field}" for field in fields[:_MOST]]
    explained = replace(first, notes=(*first.notes, *notes))
    return bad.with_findings((explained, *rest)) if notes else bad


def _read(context: DeliveryContext, plan: PushPlan) -> list[ForeignField]:
    answer = context.run.run(get.of_manifest(context.cluster(plan.environment), plan.manifest))
    return foreign_fields(render.objects(plan.manifest), output.objects(answer.text))
