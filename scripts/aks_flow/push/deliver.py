"""The push path as a whole: its steps in their order."""

from dataclasses import replace

from aks_flow.gitflow.source import Source
from aks_flow.image import build
from aks_flow.image.mirror import mirror
from aks_flow.manifests import render
from aks_flow.push import lock, newer_version
from aks_flow.push.execute import carry_out
from aks_flow.push.no_op import unchanged
from aks_flow.push.outcome import Outcome
from aks_flow.push.plan import Plan, Wanted, make_plan
from aks_flow.push.strategy import cluster_state
from aks_flow.push.strategy.names import ROLLING
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl


def push(
    context: DeliveryContext, source: Source, environment: str, undo: bool = True, strategy: str = ROLLING
) -> Outcome:
    """Build, publish, deliver."""
    context.config.environment(environment)
    copies = mirror(context)
    built = build.ensure(context, source)
    how = {"automatic": True, "undo": undo, "strategy": strategy}
    return deliver(context, Wanted(source, environment, built.image, copies, **how), built.new)


def deliver(context: DeliveryContext, wanted: Wanted, built: bool = False) -> Outcome:
    """Plan, and carry the plan out under the environment's lock; without it if there is nothing to do.

    While somebody else is at it that cannot be said yet.
    """
    plan = _plan(context, wanted)
    if plan.empty and not plan.busy:
        return unchanged(context, plan, built, wanted.undo)
    with lock.held(context, plan.environment, render.namespace(plan.manifest, plan.namespace)) as own:
        if own.new_namespace:  # it holds nothing yet
            plan = replace(plan, new_namespace=True, new_secret=True)
            return deploy(own.context, plan, built, wanted.undo, wanted.strategy)
        return _in_turn(own.context, wanted, built)


def _in_turn(context: DeliveryContext, wanted: Wanted, built: bool) -> Outcome:
    """Others may have delivered since the plan was made: it is made again."""
    newer = _newer(context, wanted) if wanted.automatic else ""
    if newer:
        return Outcome(wanted.environment, wanted.image, built, False, {}, "", superseded_by=newer)
    return deploy(context, _plan(context, wanted), built, wanted.undo, wanted.strategy)


def deploy(
    context: DeliveryContext, plan: Plan, built: bool = False, undo: bool = True, strategy: str = ROLLING
) -> Outcome:
    """Carry a plan out, under the environment's lock; the server refuses all of it or none.

    BadVerdict if what it brought is not well; with ``undo`` the last good revision is back by then.
    """
    if plan.empty:
        cluster_state.remove(context.run, context.cluster(plan.environment))  # a killed delivery's
        return unchanged(context, plan, built, undo, locked=True)
    return carry_out(context, plan, built, undo, strategy)


def _newer(context: DeliveryContext, wanted: Wanted) -> str:
    """The newer version that runs, or waits beside what runs, or ""."""
    run, cluster, app = context.run, context.cluster(wanted.environment), context.config.app.name
    found = kubectl.parse_objects(run.run(cluster.find("deployment.apps", app)).text)
    found += cluster_state.staged(run, cluster).values()
    newer = (newer_version.by(run, wanted.source, newer_version.running(one)) for one in found)
    return next((version for version in newer if version), "")


def _plan(context: DeliveryContext, wanted: Wanted) -> Plan:
    with context.steps("plan") as step:
        plan = make_plan(context, wanted)
        step.note = str(plan)
    return plan
