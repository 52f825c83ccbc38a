"""The server's dry run of everything, before the first change."""

from scripts.delivery import Delivery
from scripts.deploy.plan import Plan
from scripts.deploy.refused import Refused
from scripts.runner import CommandFailed


def validate(delivery: Delivery, plan: Plan) -> None:
    """Refused if the server would. A namespace that was made for this delivery goes again on a refusal."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    try:
        run.run(cluster.validate(plan.manifest))
    except CommandFailed as error:
        if plan.new_namespace:
            run.run(cluster.delete_namespace(plan.namespace))
        raise Refused(error, plan.environment) from error
