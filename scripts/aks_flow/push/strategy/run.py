"""A delivery by canary or blue-green, or one that finds the twins of such a delivery.

It begins with all objects but the app's own Deployment. At its end that Deployment is rolled out, and its
twins are deleted.
"""

from dataclasses import dataclass, replace
from functools import partial

from aks_flow.manifests import render
from aks_flow.push.apply import apply_and_wait, apply_plan, apply_waves
from aks_flow.push.plan import PushPlan
from aks_flow.push.strategy import blue_green, canary, cluster_state, twins
from aks_flow.push.strategy.cluster_state import ClusterState
from aks_flow.push.strategy.names import BLUE_GREEN, CANARY, ROLLING
from aks_flow.push.strategy.parts import ManifestParts, split
from aks_flow.push.verify import Proof, verify, verify_service
from aks_flow.push.wait_healthy import wait_healthy
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import resources

_OWN = {ROLLING: (), CANARY: (twins.CANARY, twins.BASELINE), BLUE_GREEN: (twins.GREEN,)}  # twins by strategy


@dataclass(frozen=True)
class Strategy:
    """name: one of `names`; ROLLING where twins of an earlier delivery are still there.

    parts: of the plan's manifest. state: what the cluster had of them before.
    """

    name: str
    parts: ManifestParts
    state: ClusterState


def choose_strategy(context: DeliveryContext, plan: PushPlan, name: str) -> Strategy | None:
    """The strategy; None for a plain rolling update, as asked for or because there is no old version.

    AksFlowError if the manifests do not allow it, or another version waits there. Nothing is changed.
    """
    environment = plan.environment
    present = {} if plan.changes.new_namespace else cluster_state.read_twins(context, environment)
    if plan.changes.new_namespace or (name == ROLLING and not present):
        return None
    parts = split(render.documents(plan.manifest), context.config.app.name)
    state = cluster_state.read(context, environment, parts, present)
    if name != ROLLING:
        blue_green.check(environment, parts, state, going_on=name == BLUE_GREEN)
    rolls = state.live is None or twins.runs_pods_of(state.live, parts.deployment)
    return Strategy(ROLLING if rolls else name, parts, state)


def run_strategy(context: DeliveryContext, plan: PushPlan, strategy: Strategy) -> Proof | None:
    """Apply the plan; gives its proof, or None if a green serves now and waits to be promoted or rejected.

    BadVerdict if something is not healthy.
    """
    _remove_strange(context, plan, strategy)
    if strategy.name == BLUE_GREEN:
        return _switch(context, plan, strategy)
    if strategy.name == CANARY:
        parts = strategy.parts
        _apply_others(context, plan, parts.rest + resources.documents(parts.services))
        canary.grow(context, plan, parts, strategy.state)
    return _roll(context, plan, strategy)


def withdraw(context: DeliveryContext, plan: PushPlan, strategy: Strategy) -> None:
    """After a bad verdict: lead all requests to the old version again, and delete the twins."""
    if strategy.name == BLUE_GREEN:
        state = cluster_state.read(context, plan.environment, strategy.parts)
        cluster_state.pull_back(context, plan.environment, state)
    elif strategy.name == CANARY:
        cluster_state.remove_twins(context, plan.environment)


def _remove_strange(context: DeliveryContext, plan: PushPlan, strategy: Strategy) -> None:
    """Delete what an interrupted delivery of another kind left, before a Service could find it."""
    strange = set(strategy.state.twins) - set(_OWN[strategy.name])
    if strange and not strategy.state.green_serves:
        cluster_state.remove_twins(context, plan.environment)


def _switch(context: DeliveryContext, plan: PushPlan, strategy: Strategy) -> None:
    """Start green and switch to it; if a run that was stopped has switched already, only verify it."""
    parts, state, service = strategy.parts, strategy.state, plan.contract.service
    if not state.green_serves:
        blue_green.hold_blue(context, plan, state)
        _apply_others(context, plan, parts.rest)
        blue_green.start_green(context, plan, parts, state)
        blue_green.switch_to_green(context, plan, parts)
    if parts.has_service(service):
        verify_service(context, plan, service)


def _apply_others(context: DeliveryContext, plan: PushPlan, text: str) -> None:
    """Apply a part of the manifest, and wait until its workloads are healthy."""
    with context.steps("apply") as step:
        tell = partial(context.steps.progress, step)
        goal = apply_waves(context, replace(plan, manifest=text), tell)
        wait_healthy(context, plan.environment, goal.without_services(), tell)
        step.note = "all but the app's own Deployment"


def _roll(context: DeliveryContext, plan: PushPlan, strategy: Strategy) -> Proof:
    """Roll the app's own Deployment out, and delete its twins.

    If a green serves, the Deployment must be healthy before the Services lead to it again.
    """
    if strategy.state.green_serves:
        _roll_blue(context, plan, strategy.parts)
    proof = verify(context, plan, apply_plan(context, plan))
    cluster_state.remove_twins(context, plan.environment)
    return proof


def _roll_blue(context: DeliveryContext, plan: PushPlan, parts: ManifestParts) -> None:
    """Roll out the app's own Deployment alone; no request reaches it yet."""
    with context.steps("blue") as step:
        own = resources.documents([parts.deployment])
        apply_and_wait(context, plan, own, partial(context.steps.progress, step))
