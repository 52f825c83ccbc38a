"""The rehearsal's own namespaces on a cluster that others use too: made, and removed with all in them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.identity import LABEL
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, create, delete, get, output, resources

_GONE_WITHIN = 300  # seconds: pods are given their time to end


@contextmanager
def made(context: DeliveryContext, identity: str, names: Iterable[str]) -> Iterator[None]:
    """The namespaces inside the block. Those that a killed run of the same rehearsal left are removed first.

    AksFlowError if one of the names is somebody else's.
    """
    wanted, cluster = list(names), Kubectl.at(context.config.destination)
    with context.steps("namespaces") as step:
        _refuse_others(context, cluster, identity, wanted)
        _remove(context, cluster, wanted)
        context.run.run(create.manifest_and_show(cluster, _manifest(wanted, identity)))
        step.note = ", ".join(wanted)
    try:
        yield
    finally:
        with context.steps("remove") as step:
            step.note = ", ".join(wanted)
            _remove(context, cluster, wanted)


def _refuse_others(context: DeliveryContext, cluster: Kubectl, identity: str, names: list[str]) -> None:
    listed = output.objects(context.run.run(get.all_of(cluster, "namespaces")).text)
    labels = {item["metadata"]["name"]: item["metadata"].get("labels") or {} for item in listed}
    for name in names:
        if name in labels and labels[name].get(LABEL) != identity:
            step = "Remove it, if nobody needs it; or rehearse from another clone of the repository."
            raise AksFlowError("is there, and was not made by this rehearsal", where=name, next_step=step)


def _remove(context: DeliveryContext, cluster: Kubectl, names: list[str]) -> None:
    context.run.run(delete.manifest(cluster, _manifest(names), _GONE_WITHIN))


def _manifest(names: list[str], identity: str = "") -> str:
    items = [resources.namespace(name) for name in names]
    for item in items:
        item["metadata"]["labels"] = {LABEL: identity} if identity else {}
    return resources.manifest(items)
