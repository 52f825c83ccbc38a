"""The ways from the old version to the new one.

A delivery with a canary or a green begins like any other, with all that is not the app's own Deployment. At
its end that Deployment rolls, and what stood beside it goes.
"""

from dataclasses import dataclass, replace
from functools import partial

from aks_flow.manifests import render
from aks_flow.push.apply import apply
from aks_flow.push.plan import Plan
from aks_flow.push.strategy import blue_green, canary, cluster_state, twins
from aks_flow.push.strategy.cluster_state import Stage
from aks_flow.push.strategy.names import BLUE_GREEN, CANARY, ROLLING
from aks_flow.push.strategy.parts import Parts, manifest, parts
from aks_flow.push.verify import Proof, ask, prove
from aks_flow.push.wait_healthy import settle
from aks_flow.rollout.verdict import goal
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl

_OWN = {ROLLING: (), CANARY: (twins.CANARY, twins.BASELINE), BLUE_GREEN: (twins.GREEN,)}  # twins by strategy


@dataclass(frozen=True)
class Way:
    """How a plan goes to the cluster. parts: None if nothing stands beside the Deployment, or will."""

    strategy: str
    parts: Parts | None = None
    stage: Stage = Stage(None, {})


def choose(context: DeliveryContext, plan: Plan, strategy: str) -> Way:
    """The strategy, or a rolling update where there is nothing old to stand beside.

    AksFlowError if the manifests do not allow it, or another version waits there. Nothing is changed.
    """
    there = {} if plan.new_namespace else cluster_state.staged(context.run, context.cluster(plan.environment))
    if plan.new_namespace or (strategy == ROLLING and not there):
        return Way(ROLLING)
    own = parts(render.documents(plan.manifest), context.config.app.name)
    stage = cluster_state.look(context, plan.environment, own, there)
    if strategy != ROLLING:
        blue_green.check(plan.environment, own, stage, going_on=strategy == BLUE_GREEN)
    rolls = stage.live is None or twins.same_pods(twins.applied(stage.live), own.deployment)
    return Way(ROLLING if rolls else strategy, own, stage)


def bring(context: DeliveryContext, plan: Plan, way: Way) -> Proof | None:
    """All of the plan on the cluster, and its proof; None if a green serves now, and waits.

    BadVerdict if something is not well.
    """
    _tidy(context, plan, way)
    if way.strategy == BLUE_GREEN:
        return _to_green(context, plan, way)
    if way.strategy == CANARY:
        _others(context, plan, together_with(way.parts, way.parts.services))
        canary.bring(context, plan, way.parts, way.stage)
    return _finish(context, plan, way)


def withdraw(context: DeliveryContext, plan: Plan, way: Way) -> None:
    """After a bad verdict: no request reaches the new version, and what stood beside the old one goes."""
    if way.strategy == BLUE_GREEN:
        cluster_state.pull_back(
            context, plan.environment, cluster_state.look(context, plan.environment, way.parts)
        )
    elif way.strategy == CANARY:
        cluster_state.remove(context.run, context.cluster(plan.environment))


def together_with(own: Parts, objects: tuple[dict, ...]) -> str:
    """The rest of a manifest, and some of its other objects."""
    return own.rest + manifest(objects)


def _tidy(context: DeliveryContext, plan: Plan, way: Way) -> None:
    """What an interrupted delivery of another kind left goes before a Service could find it."""
    strange = set(way.stage.twins) - set(_OWN[way.strategy])
    if strange and not way.stage.green_serves:
        cluster_state.remove(context.run, context.cluster(plan.environment))


def _to_green(context: DeliveryContext, plan: Plan, way: Way) -> None:
    if not way.stage.green_serves:
        blue_green.hold_blue(context, plan, way.stage)
        _others(context, plan, way.parts.rest)
        blue_green.bring(context, plan, way.parts, way.stage)
    if way.parts.has_service(context.config.app.name):
        ask(context, plan, context.config.app.name)


def _others(context: DeliveryContext, plan: Plan, text: str) -> None:
    """Everything of a manifest, well."""
    with context.steps("apply") as step:
        tell = partial(context.steps.progress, step)
        brought = apply(context, replace(plan, manifest=text), tell)
        settle(context, plan, replace(brought, services=()), tell)
        step.note = "all but the app's own Deployment"


def _finish(context: DeliveryContext, plan: Plan, way: Way) -> Proof:
    """The app's own Deployment rolls; while a green serves, before any request finds it."""
    if way.stage.green_serves:
        _blue(context, plan, way)
    with context.steps("apply") as step:
        brought = apply(context, plan, partial(context.steps.progress, step))
        step.note = ""
    proof = prove(context, plan, brought)
    if way.parts:
        cluster_state.remove(context.run, context.cluster(plan.environment))
    return proof


def _blue(context: DeliveryContext, plan: Plan, way: Way) -> None:
    run, cluster = context.run, context.cluster(plan.environment)
    with context.steps("blue") as step:
        stored = run.run(cluster.apply_and_show(manifest([way.parts.deployment]))).text
        brought = goal.applied(plan.namespace, kubectl.parse_objects(stored))
        settle(context, plan, brought, partial(context.steps.progress, step))
