"""A plan that changes something: validated, written down, applied, proven; or undone."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from scripts import render
from scripts.delivery import Delivery
from scripts.deploy import history as histories
from scripts.deploy.apply import apply, make_password
from scripts.deploy.fall_back import fall_back
from scripts.deploy.history import History
from scripts.deploy.hooks import run_hooks
from scripts.deploy.outcome import Outcome
from scripts.deploy.plan import Plan
from scripts.deploy.prove import prove
from scripts.deploy.validate import validate
from scripts.rollout.goal import Goal
from scripts.rollout.verdict import GOOD
from scripts.tools.kubectl import object_name
from scripts.watching.bad import BadVerdict


def carry_out(delivery: Delivery, plan: Plan, built: bool, undo: bool) -> Outcome:
    """BadVerdict if what it brought is not well; with ``undo`` the last good revision is back by then."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    with delivery.steps("validate"):
        past, made = _validate(delivery, plan)
    make_password(delivery, plan)
    run_hooks(delivery, plan)
    history = histories.record(run, cluster, past, histories.draft(past, plan, made))
    try:
        proof = prove(delivery, plan, _apply(delivery, plan))
    except BadVerdict as bad:
        raise fall_back(delivery, plan, history, bad, undo) from bad
    history = histories.conclude(run, cluster, history, GOOD)
    end = {"built": built, "changed": True, "revision": history.last.number}
    return Outcome(plan.environment, plan.image, served=proof.told, url=proof.url, **end)


def _apply(delivery: Delivery, plan: Plan) -> Goal:
    with delivery.steps("apply") as step:
        goal = apply(delivery, plan, partial(delivery.steps.progress, step))
        step.note = ""
    return goal


def _validate(delivery: Delivery, plan: Plan) -> tuple[History, set[str]]:
    """The server's word on everything; the history so far, and the objects that are not there yet."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    with ThreadPoolExecutor() as pool:
        past = pool.submit(histories.read, run, cluster, plan.environment)
        made = pool.submit(_to_be_made, delivery, plan)
        validate(delivery, plan)
    return past.result(), made.result()


def _to_be_made(delivery: Delivery, plan: Plan) -> set[str]:
    every = {object_name(item) for item in render.objects(plan.manifest)}
    if plan.new_namespace:
        return every
    present = delivery.run.run(delivery.cluster(plan.environment).existing_of(plan.manifest))
    return every - set(present.text.split())
