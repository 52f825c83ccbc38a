"""A plan that changes something: validated, written down, applied, proven; or undone."""

from concurrent.futures import ThreadPoolExecutor

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
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.delivery import Delivery
from aks_flow.tools.kubectl import object_name


def carry_out(delivery: Delivery, plan: Plan, built: bool, undo: bool, strategy: str = ROLLING) -> Outcome:
    """BadVerdict if what it brought is not well; with ``undo`` the last good revision is back by then."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    with delivery.steps("validate"):
        past, made, way = _validate(delivery, plan, strategy)
    make_password(delivery, plan)
    run_hooks(delivery, plan)
    history = histories.record(run, cluster, past, histories.draft(past, plan, made))
    try:
        proof = strategies.bring(delivery, plan, way)
    except BadVerdict as bad:
        if undo:
            strategies.withdraw(delivery, plan, way)
        raise fall_back(delivery, plan, history, bad, undo) from bad
    history = histories.conclude(run, cluster, history, GOOD if proof else WAITS)
    told, url = (proof.told, proof.url) if proof else ({}, "")
    end = {"built": built, "changed": True, "revision": history.last.number, "waits": proof is None}
    return Outcome(plan.environment, plan.image, served=told, url=url, **end)


def _validate(delivery: Delivery, plan: Plan, strategy: str) -> tuple[History, set[str], Way]:
    """The server's word on everything; then the history, the objects that are not there yet, and the way."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    with ThreadPoolExecutor() as pool:
        past = pool.submit(histories.read, run, cluster, plan.environment)
        made = pool.submit(_to_be_made, delivery, plan)
        way = pool.submit(strategies.choose, delivery, plan, strategy)
        validate(delivery, plan)
    return past.result(), made.result(), way.result()


def _to_be_made(delivery: Delivery, plan: Plan) -> set[str]:
    every = {object_name(item) for item in render.objects(plan.manifest)}
    if plan.new_namespace:
        return every
    present = delivery.run.run(delivery.cluster(plan.environment).existing_of(plan.manifest))
    return every - set(present.text.split())
