"""The proof that a delivery is good: all of it has rolled out, with its images, and the contract holds."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Step
from aks_flow.image import names
from aks_flow.push.plan import PushPlan
from aks_flow.push.wait_healthy import refuse_bad, watch_goal
from aks_flow.rollout import app_version, contract_proof, same_image, smoke
from aks_flow.rollout.app_version import AppAnswer
from aks_flow.rollout.same_image import IsSame
from aks_flow.rollout.verdict import digests
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch import watch
from aks_flow.rollout.watch.failure import BadVerdict, RolloutFinding
from aks_flow.rollout.watch.watch import Observation
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import resources


@dataclass(frozen=True)
class Proof:
    """served: what serves: the version that the app tells, and the pods' digests.

    url: where it answers from outside, "" if nowhere.
    """

    served: dict = field(default_factory=dict)
    url: str = ""


class AppAnswers:
    """What is asked at once, each once it is there: the app's version, its checks, and its address."""

    def __init__(self, pool: Executor, context: DeliveryContext, plan: PushPlan):
        run, cluster, contract = context.run, context.cluster(plan.environment), plan.contract
        wanted = plan.image.tag, _is_same(context, plan)
        self.version = pool.submit(app_version.now, run, cluster, contract, *wanted)
        self.passed = pool.submit(smoke.passes, run, cluster, contract, plan.checks)
        self.url = pool.submit(_url, context, plan)


def verify(context: DeliveryContext, plan: PushPlan, goal: RolloutGoal) -> Proof:
    """Wait until the goal is reached, then ask the app; BadVerdict, with its evidence, if either fails."""
    with context.steps("rollout") as step:
        seen = watch_goal(context, plan.environment, goal, partial(context.steps.progress, step))
        _judge(context, plan, goal, seen, step)
    with ThreadPoolExecutor() as pool:
        return _verify_answers(context, plan, seen, AppAnswers(pool, context, plan))


def verify_unchanged(context: DeliveryContext, plan: PushPlan, goal: RolloutGoal, was_good: bool) -> Proof:
    """As `verify`, where nothing was changed: everything is asked at once, and mostly one look is enough.

    was_good: whether the same manifests were good before.
    """
    with ThreadPoolExecutor() as pool:
        answers = AppAnswers(pool, context, plan)
        with context.steps("rollout") as step:
            seen = watch.look(context.run, context.cluster(plan.environment), goal, was_good)
            if seen.verdict.kind != GOOD:
                seen = watch_goal(context, plan.environment, goal, partial(context.steps.progress, step))
            _judge(context, plan, goal, seen, step)
        return _verify_answers(context, plan, seen, answers)


def verify_service(context: DeliveryContext, plan: PushPlan, service: str) -> None:
    """BadVerdict unless a Service's pods are of the plan's version and pass its checks."""
    twin = replace(plan, contract=replace(plan.contract, service=service))
    if twin.contract.version.path:
        with context.steps("served") as step:
            step.note = f"{_version(context, twin).version} by service/{service}"
    if twin.checks:
        _smoke(context, twin)


def _judge(
    context: DeliveryContext, plan: PushPlan, goal: RolloutGoal, seen: Observation, step: Step
) -> None:
    step.note = seen.verdict.reason or ", ".join(target.ref for target in goal.targets)
    refuse_bad(context, plan.environment, seen)


def _url(context: DeliveryContext, plan: PushPlan) -> str:
    """Where the Service answers from outside; as the plan saw it, if nothing of it changes."""
    service, live = plan.contract.service, plan.basis.live
    named = (item for item in live if (item["kind"], item["metadata"]["name"]) == ("Service", service))
    known = next((resources.service_url(item) for item in named if plan.changes.keep(item)), "")
    return known or app_version.url(context.run, context.cluster(plan.environment), service)


def _verify_answers(
    context: DeliveryContext, plan: PushPlan, seen: Observation, answers: AppAnswers
) -> Proof:
    with context.steps("served") as step:
        pods = _pods(plan, seen)
        told = _version(context, plan, answers.version.result()).version
        step.note = f"{told} by service/{plan.contract.service}, {pods}" if told else pods
        proof = Proof({"version": told, "pods": pods}, answers.url.result())
    if plan.checks:
        _smoke(context, plan, answers.passed.result())
    return proof


def _pods(plan: PushPlan, seen: Observation) -> str:
    """Which digests the new pods run; BadVerdict if one of them runs another build."""
    images = digests.read(seen.facts, plan.image)
    _refuse(plan, contract_proof.of_images(images))
    return digests.proof(images)


def _version(context: DeliveryContext, plan: PushPlan, answer: AppAnswer | None = None) -> AppAnswer:
    """What the app answers; BadVerdict if it does not become the plan's version in time."""
    if answer is None or answer.wrong:
        cluster = context.cluster(plan.environment)
        wanted = plan.image.tag, _is_same(context, plan)
        answer = app_version.wait_for(context.run, cluster, plan.contract, *wanted)
    _refuse(plan, contract_proof.of_version(plan.contract, answer))
    return answer


def _is_same(context: DeliveryContext, plan: PushPlan) -> IsSame:
    cluster, service = context.cluster(plan.environment), plan.contract.service

    def is_version(image: ImageRef, version: str) -> bool:
        return names.is_version(context.registry, image, version)

    return same_image.behind(context.run, cluster, service, plan.image, is_version)


def _smoke(context: DeliveryContext, plan: PushPlan, passed: bool = False) -> None:
    with context.steps("smoke") as step:
        step.note = ", ".join(check.path for check in plan.checks)
        if not passed:
            cluster = context.cluster(plan.environment)
            _refuse(plan, contract_proof.of_smoke(context.run, cluster, plan.contract, plan.checks))


def _refuse(plan: PushPlan, findings: tuple[RolloutFinding, ...]) -> None:
    if findings:
        raise BadVerdict(plan.environment, findings)
