"""A plan that changes something: validated, written down, applied, proven; or undone."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aks_flow.manifests import render
from aks_flow.push.apply import make_password
from aks_flow.push.history import history as histories
from aks_flow.push.history.auto_rollback import fall_back
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import WAITS
from aks_flow.push.hooks import run_hooks
from aks_flow.push.outcome import Outcome
from aks_flow.push.plan import Plan
from aks_flow.push.strategy import run as strategies
from aks_flow.push.strategy.names import ROLLING
from aks_flow.push.strategy.run import Way
from aks_flow.push.validate import validate
from aks_flow.rollout import version_skew
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import object_name


def carry_out(
    context: DeliveryContext, plan: Plan, built: bool, undo: bool, strategy: str = ROLLING
) -> Outcome:
    """BadVerdict if what it brought is not well; with ``undo`` the last good revision is back by then."""
    run, cluster = context.run, context.cluster(plan.environment)
    with context.steps("validate"):
        past, made, way = _validate(context, plan, strategy)
    make_password(context, plan)
    run_hooks(context, plan)
    history = histories.record(run, cluster, past, histories.draft(past, plan, made))
    try:
        with version_skew.told(run, cluster, partial(_remark, context)):
            proof = strategies.bring(context, plan, way)
    except BadVerdict as bad:
        if undo:
            strategies.withdraw(context, plan, way)
        raise fall_back(context, plan, history, bad, undo) from bad
    history = histories.conclude(run, cluster, history, GOOD if proof else WAITS)
    told, url = (proof.told, proof.url) if proof else ({}, "")
    end = {"built": built, "changed": True, "revision": history.last.number, "waits": proof is None}
    return Outcome(plan.environment, plan.image, served=told, url=url, **end)


def _remark(context: DeliveryContext, text: str) -> None:
    with context.steps("kubectl") as step:
        step.note = text


def _validate(context: DeliveryContext, plan: Plan, strategy: str) -> tuple[History, set[str], Way]:
    """The server's word on everything; then the history, the objects that are not there yet, and the way."""
    run, cluster = context.run, context.cluster(plan.environment)
    with ThreadPoolExecutor() as pool:
        past = pool.submit(histories.read, run, cluster, plan.environment)
        made = pool.submit(_to_be_made, context, plan)
        way = pool.submit(strategies.choose, context, plan, strategy)
        validate(context, plan)
    return past.result(), made.result(), way.result()


def _to_be_made(context: DeliveryContext, plan: Plan) -> set[str]:
    every = {object_name(item) for item in render.objects(plan.manifest)}
    if plan.new_namespace:
        return every
    present = context.run.run(context.cluster(plan.environment).existing_of(plan.manifest))
    return every - set(present.text.split())
