"""Before the first change: the server's dry run of everything, and what the steps after it must know."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push.fields.takeover import to_take_over
from aks_flow.push.history import store
from aks_flow.push.history.history import History
from aks_flow.push.history.replaced import before_change, names_of
from aks_flow.push.outcome import Refused
from aks_flow.push.plan import PushPlan
from aks_flow.push.strategy.run import Strategy, choose_strategy
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import apply, create, delete, get, output


@dataclass(frozen=True)
class Validated:
    """What was read while the server validated.

    history: the revisions so far.
    created: the objects that are not there yet, as `kubectl get --output=name` calls them.
    replaced: those that are there and in no revision that one would go back to, as they are.
    foreign: whether others own fields that a delivery takes over.
    strategy: how the new version comes beside the old one; None for the plain rolling update.
    """

    history: History
    created: frozenset[str]
    replaced: list[dict]
    foreign: bool
    strategy: Strategy | None


def validate(context: DeliveryContext, plan: PushPlan, strategy: str) -> Validated:
    """Refused if the server refuses an object; AksFlowError if the manifests do not allow the strategy."""
    with context.steps("validate"), ThreadPoolExecutor() as pool:
        history = pool.submit(store.read, context, plan.environment)
        present = pool.submit(_present, context, plan)
        chosen = pool.submit(choose_strategy, context, plan, strategy)
        dry_run(context, plan)
        created = names_of(plan.manifest) - set(map(output.object_name, present.result()))
        replaced = before_change(present.result(), history.result().good_before(plan.manifest))
        foreign = bool(to_take_over(present.result()))
        return Validated(history.result(), frozenset(created), replaced, foreign, chosen.result())


def dry_run(context: DeliveryContext, plan: PushPlan) -> None:
    """Refused if the server would refuse an object; a namespace made for this delivery is deleted then."""
    run, cluster = context.run, context.cluster(plan.environment)
    try:
        run.run(apply.dry_run(cluster, plan.manifest))
        for command in [create.dry_run(cluster, wave.manifest) for wave in (*plan.before, *plan.after)]:
            _check_new(command, run.run(command))
    except CommandFailed as error:
        if plan.new_namespace:
            run.run(delete.namespace(cluster, plan.namespace))
        raise Refused(error, plan.environment, plan.definitions) from error


def _check_new(command: Command, answer: Result) -> None:
    """CommandFailed unless all that the server says is that a hook exists already: it does not say that of an
    invalid one."""
    if answer.code and not output.all_exist(answer):
        raise CommandFailed(command, answer)


def _present(context: DeliveryContext, plan: PushPlan) -> tuple[dict, ...]:
    if plan.new_namespace:
        return ()
    present = context.run.run(get.of_manifest(context.cluster(plan.environment), plan.manifest))
    return tuple(output.objects(present.text))
