"""Before the first change: the server's dry run of what no diff has been through, and what comes after it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.manifests import render
from aks_flow.push.fields.takeover import to_take_over
from aks_flow.push.history.replaced import before_change
from aks_flow.push.plan import PushPlan
from aks_flow.push.refusal import Refused
from aks_flow.push.strategy.names import ROLLING
from aks_flow.push.strategy.run import Strategy, choose_strategy
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import apply, create, delete, output


@dataclass(frozen=True)
class Validated:
    """What the steps of a delivery must know before the first of them changes something.

    created: the objects that are not there yet, as `kubectl get --output=name` calls them.
    replaced: those that are there and in no revision that one would go back to, as they are.
    foreign: whether others own fields that a delivery takes over.
    strategy: how the new version comes beside the old one; None for the plain rolling update.
    """

    created: frozenset[str]
    replaced: list[dict]
    foreign: bool
    strategy: Strategy | None


def validate(context: DeliveryContext, plan: PushPlan, strategy: str) -> Validated:
    """Refused if the server refuses an object; AksFlowError if the manifests do not allow the strategy."""
    with context.steps("validate"), ThreadPoolExecutor() as pool:
        chosen = pool.submit(_choose, context, plan, strategy)
        dry_run(context, plan)
        created = render.names_of(plan.manifest) - set(map(output.object_name, plan.basis.live))
        replaced = before_change(plan.basis.live, plan.basis.history.good_before(plan.manifest))
        foreign = bool(to_take_over(render.objects(plan.manifest), plan.basis.live))
        return Validated(frozenset(created), replaced, foreign, chosen.result())


def _choose(context: DeliveryContext, plan: PushPlan, strategy: str) -> Strategy | None:
    """Nothing is asked where nothing can stand beside the app: a plan that is not busy has looked."""
    if strategy == ROLLING and not plan.basis.busy:
        return None
    return choose_strategy(context, plan, strategy)


def dry_run(context: DeliveryContext, plan: PushPlan) -> None:
    """Refused if the server would refuse an object; a namespace made for this delivery is deleted then.

    The server's diff is a dry run of what it has been through, so that only the rest is tried.
    """
    run, cluster = context.run, context.cluster(plan.environment)
    try:
        if not plan.changes.is_diffed:
            run.run(apply.dry_run(cluster, plan.manifest))
        for wave in (*plan.hooks.before, *plan.hooks.after):
            command = create.dry_run(cluster, wave.manifest)
            _check_new(command, run.run(command))
    except CommandFailed as error:
        if plan.changes.new_namespace:
            run.run(delete.by_name(cluster, "namespace", plan.namespace))
        raise Refused(error, plan.environment, plan.changes.definitions) from error


def _check_new(command: Command, answer: Result) -> None:
    """CommandFailed unless all that the server says is that a hook exists already: it does not say that of an
    invalid one."""
    if answer.code and not output.all_exist(answer):
        raise CommandFailed(command, answer)
