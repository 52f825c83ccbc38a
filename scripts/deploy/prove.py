"""The proof that a delivery is good: all of it has rolled out, and the app says that it is the version."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from scripts import served
from scripts.delivery import Delivery
from scripts.deploy.plan import Plan
from scripts.rollout.goal import Goal
from scripts.rollout.reasons import SMOKE_FAILED
from scripts.rollout.verdict import BAD, GOOD
from scripts.wait import DeadlineError
from scripts.watching import evidence, watch
from scripts.watching.bad import BadVerdict
from scripts.watching.evidence import Finding
from scripts.watching.watch import Seen


@dataclass(frozen=True)
class Proof:
    """told: the app's /version. url: where it answers from outside, "" if nowhere."""

    told: dict
    url: str


def prove(delivery: Delivery, plan: Plan, goal: Goal) -> Proof:
    """BadVerdict with its evidence if it is not so. If nothing changed, everything is asked at once."""
    with ThreadPoolExecutor() as pool:
        asked = _ask(pool, delivery, plan) if plan.empty else None
        with delivery.steps("rollout") as step:
            step.note = ", ".join(target.ref for target in goal.targets)
            _rolled_out(delivery, plan, goal)
        with delivery.steps("served") as step:
            told, url = asked or _ask(pool, delivery, plan)
            try:
                proof = Proof(told.result(), url.result())
            except DeadlineError as error:
                finding = Finding(SMOKE_FAILED, f"service/{delivery.config.app.name}", error.what)
                raise BadVerdict(plan.environment, (finding,), error.next_step) from error
            step.note = f"{proof.told['version']} from {proof.told.get('pod', 'a pod')}"
    return proof


def _ask(pool: ThreadPoolExecutor, delivery: Delivery, plan: Plan) -> tuple[Future, Future]:
    run, cluster, app = delivery.run, delivery.cluster(plan.environment), delivery.config.app.name
    return pool.submit(served.served, run, cluster, app, plan.image), pool.submit(
        served.url, run, cluster, app
    )


def _rolled_out(delivery: Delivery, plan: Plan, goal: Goal) -> None:
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    seen = _seen(delivery, plan, goal)
    if seen.verdict.kind == BAD:
        raise BadVerdict(plan.environment, evidence.gather(run, cluster, seen))


def _seen(delivery: Delivery, plan: Plan, goal: Goal) -> Seen:
    """One look is enough where all has long been well."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    if plan.empty and (seen := watch.look(run, cluster, goal)).verdict.kind == GOOD:
        return seen
    return watch.watch(run, cluster, goal, delivery.config.deadline, lambda _: None)
