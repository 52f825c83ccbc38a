"""The proof that a delivery is good: all of it has rolled out, and the app says that it is the version."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from aks_flow.core.steps import Step
from aks_flow.core.wait import DeadlineError
from aks_flow.push.plan import Plan
from aks_flow.rollout import app_version, smoke
from aks_flow.rollout.verdict.goal import Goal
from aks_flow.rollout.verdict.reasons import SMOKE_FAILED
from aks_flow.rollout.verdict.verdict import BAD, GOOD
from aks_flow.rollout.watch import evidence, watch
from aks_flow.rollout.watch.evidence import Finding
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.rollout.watch.watch import Seen
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class Proof:
    """told: the app's /version. url: where it answers from outside, "" if nowhere."""

    told: dict
    url: str


def prove(context: DeliveryContext, plan: Plan, goal: Goal) -> Proof:
    """Wait for the goal, then ask the app; BadVerdict with its evidence if either is not as it must be."""
    with context.steps("rollout") as step:
        seen = _watched(context, plan, goal, step)
        _judge(context, plan, goal, seen, step)
    with ThreadPoolExecutor() as pool:
        return _answers(context, plan, pool.submit(_url, context, plan))


def confirm(context: DeliveryContext, plan: Plan, goal: Goal, proven: Callable[[], bool]) -> Proof:
    """As `prove` where nothing was changed: everything is asked at once, and mostly one look is enough.

    proven: whether the same manifests were good before; it is asked when the rest has been.
    """
    run, cluster, app = context.run, context.cluster(plan.environment), context.config.app.name
    with ThreadPoolExecutor() as pool:
        told = pool.submit(app_version.now, run, cluster, app, plan.image)
        passed = pool.submit(smoke.passes, run, cluster, app, plan.checks)
        url = pool.submit(_url, context, plan)
        with context.steps("rollout") as step:
            seen = watch.look(run, cluster, goal, proven)
            if seen.verdict.kind != GOOD:
                seen = _watched(context, plan, goal, step)
            _judge(context, plan, goal, seen, step)
        return _answers(context, plan, url, told.result(), passed.result())


def _url(context: DeliveryContext, plan: Plan) -> str:
    return app_version.url(context.run, context.cluster(plan.environment), context.config.app.name)


def _watched(context: DeliveryContext, plan: Plan, goal: Goal, step: Step) -> Seen:
    def tell(waits_for: str) -> None:
        context.steps.progress(step, waits_for)

    return watch.watch(context.run, context.cluster(plan.environment), goal, context.config.deadline, tell)


def _judge(context: DeliveryContext, plan: Plan, goal: Goal, seen: Seen, step: Step) -> None:
    step.note = ", ".join(target.ref for target in goal.targets)
    if seen.verdict.kind == BAD:
        step.note = seen.verdict.reason
        found = evidence.gather(context.run, context.cluster(plan.environment), seen)
        raise BadVerdict(plan.environment, found)


def _answers(
    context: DeliveryContext, plan: Plan, url: Future, told: dict | None = None, passed: bool = False
) -> Proof:
    """``told``, ``passed``: what the app said already, if that was right; whether it passed the checks."""
    app = context.config.app.name
    with context.steps("served") as step:
        proof = Proof(told or _told(context, plan, app), url.result())
        step.note = _answer(proof.told)
    if plan.checks:
        _smoke(context, plan, app, passed)
    return proof


def ask(context: DeliveryContext, plan: Plan, service: str) -> None:
    """BadVerdict unless what a Service finds is the version, and passes the checks."""
    with context.steps("served") as step:
        step.note = f"{_answer(_told(context, plan, service))} by service/{service}"
    if plan.checks:
        _smoke(context, plan, service)


def _told(context: DeliveryContext, plan: Plan, service: str) -> dict:
    try:
        return app_version.served(context.run, context.cluster(plan.environment), service, plan.image)
    except DeadlineError as error:
        finding = Finding(SMOKE_FAILED, f"service/{service}", error.what)
        raise BadVerdict(plan.environment, (finding,), error.next_step) from error


def _answer(told: dict) -> str:
    return f"{told['version']} from {told.get('pod', 'a pod')}"


def _smoke(context: DeliveryContext, plan: Plan, service: str, passed: bool = False) -> None:
    with context.steps("smoke") as step:
        step.note = ", ".join(check.path for check in plan.checks)
        cluster = context.cluster(plan.environment)
        failed = [] if passed else smoke.failures(context.run, cluster, service, plan.checks)
        if failed:
            found = (Finding(SMOKE_FAILED, f"service/{service}", text) for text in failed)
            raise BadVerdict(plan.environment, tuple(found))
