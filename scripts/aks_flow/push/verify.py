"""The proof that a delivery is good: all of it has rolled out, and the app says that it is the version."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from aks_flow.core.steps import Step
from aks_flow.core.wait import DeadlineError
from aks_flow.push.plan import PushPlan
from aks_flow.push.wait_healthy import refuse_bad, watch_goal
from aks_flow.rollout import app_version, smoke
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.rollout.verdict.reasons import SMOKE_FAILED
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch import watch
from aks_flow.rollout.watch.evidence import RolloutFinding
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.rollout.watch.watch import Observation
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class Proof:
    """served: the app's /version. url: where it answers from outside, "" if nowhere."""

    served: dict
    url: str


def verify(context: DeliveryContext, plan: PushPlan, goal: RolloutGoal) -> Proof:
    """Wait until the goal is reached, then ask the app; BadVerdict, with its evidence, if either fails."""
    with context.steps("rollout") as step:
        seen = watch_goal(context, plan.environment, goal, partial(context.steps.progress, step))
        _judge(context, plan, goal, seen, step)
    with ThreadPoolExecutor() as pool:
        return _verify_answers(context, plan, pool.submit(_url, context, plan))


def verify_unchanged(
    context: DeliveryContext, plan: PushPlan, goal: RolloutGoal, was_good: Callable[[], bool]
) -> Proof:
    """As `verify`, where nothing was changed: everything is asked at once, and mostly one look is enough.

    was_good: tells whether the same manifests were good before; it is called after the cluster was asked.
    """
    run, cluster, app = context.run, context.cluster(plan.environment), context.config.app.name
    with ThreadPoolExecutor() as pool:
        served = pool.submit(app_version.now, run, cluster, app, plan.image)
        passed = pool.submit(smoke.passes, run, cluster, app, plan.checks)
        url = pool.submit(_url, context, plan)
        with context.steps("rollout") as step:
            seen = watch.look(run, cluster, goal, was_good)
            if seen.verdict.kind != GOOD:
                seen = watch_goal(context, plan.environment, goal, partial(context.steps.progress, step))
            _judge(context, plan, goal, seen, step)
        return _verify_answers(context, plan, url, served.result(), passed.result())


def verify_service(context: DeliveryContext, plan: PushPlan, service: str) -> None:
    """BadVerdict unless a Service's pods are of the plan's version and pass its checks."""
    with context.steps("served") as step:
        step.note = f"{_pod_of(_served(context, plan, service))} by service/{service}"
    if plan.checks:
        _smoke(context, plan, service)


def _judge(
    context: DeliveryContext, plan: PushPlan, goal: RolloutGoal, seen: Observation, step: Step
) -> None:
    step.note = seen.verdict.reason or ", ".join(target.ref for target in goal.targets)
    refuse_bad(context, plan.environment, seen)


def _url(context: DeliveryContext, plan: PushPlan) -> str:
    return app_version.url(context.run, context.cluster(plan.environment), context.config.app.name)


def _verify_answers(
    context: DeliveryContext, plan: PushPlan, url: Future, served: dict | None = None, passed: bool = False
) -> Proof:
    """served: the app's /version if it was the right one already. passed: whether the checks have."""
    app = context.config.app.name
    with context.steps("served") as step:
        proof = Proof(served or _served(context, plan, app), url.result())
        step.note = _pod_of(proof.served)
    if plan.checks:
        _smoke(context, plan, app, passed)
    return proof


def _served(context: DeliveryContext, plan: PushPlan, service: str) -> dict:
    """The /version that a Service answers with; BadVerdict if it does not become the plan's in time."""
    try:
        return app_version.wait_for(context.run, context.cluster(plan.environment), service, plan.image)
    except DeadlineError as error:
        finding = RolloutFinding(SMOKE_FAILED, f"service/{service}", error.what)
        raise BadVerdict(plan.environment, (finding,), error.next_step) from error


def _pod_of(served: dict) -> str:
    return f"{served['version']} from {served.get('pod', 'a pod')}"


def _smoke(context: DeliveryContext, plan: PushPlan, service: str, passed: bool = False) -> None:
    with context.steps("smoke") as step:
        step.note = ", ".join(check.path for check in plan.checks)
        cluster = context.cluster(plan.environment)
        failures = [] if passed else smoke.failures(context.run, cluster, service, plan.checks)
        if failures:
            findings = (RolloutFinding(SMOKE_FAILED, f"service/{service}", text) for text in failures)
            raise BadVerdict(plan.environment, tuple(findings))
