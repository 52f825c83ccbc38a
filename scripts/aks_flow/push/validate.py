"""The server's dry run of everything, before the first change."""

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push.plan import Plan
from aks_flow.push.refused import Refused
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, all_exist


def validate(context: DeliveryContext, plan: Plan) -> None:
    """Refused if the server would. A namespace that was made for this delivery goes again on a refusal."""
    run, cluster = context.run, context.cluster(plan.environment)
    try:
        run.run(cluster.validate(plan.manifest))
        for command in _hooks(cluster, plan):
            _check_new(command, run.run(command))
    except CommandFailed as error:
        if plan.new_namespace:
            run.run(cluster.delete_namespace(plan.namespace))
        raise Refused(error, plan.environment) from error


def _hooks(cluster: Kubectl, plan: Plan) -> list[Command]:
    return [cluster.validate_new(wave.manifest) for wave in plan.before]


def _check_new(command: Command, answer: Result) -> None:
    """A hook of the delivery before may still be there: the server says so of a valid object only."""
    if answer.code and not all_exist(answer):
        raise CommandFailed(command, answer)
