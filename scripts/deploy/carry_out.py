"""A plan that changes something: validated, written down, applied, proven; or undone."""

from concurrent.futures import ThreadPoolExecutor

from scripts import render
from scripts.delivery import Delivery
from scripts.deploy import history as histories
from scripts.deploy import strategies
from scripts.deploy.apply import make_password
from scripts.deploy.fall_back import fall_back
from scripts.deploy.history import History
from scripts.deploy.hooks import run_hooks
from scripts.deploy.outcome import Outcome
from scripts.deploy.plan import Plan
from scripts.deploy.revision import WAITS
from scripts.deploy.strategies import Way
from scripts.deploy.validate import validate
from scripts.rollout.verdict import GOOD
from scripts.strategy.names import ROLLING
from scripts.tools.kubectl import object_name
from scripts.watching.bad import BadVerdict


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
