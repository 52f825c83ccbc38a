"""Fields that become the delivery's, so that its next apply takes away those that the manifests do not have.

What people set by hand, what kubectl, Helm, Argo CD or Flux applied before, and what the server filled in for
fields that are gone. Only the record of owners is changed by this: the object changes once, by the apply.
"""

from collections.abc import Iterable

from aks_flow.core import wait
from aks_flow.core.command import Result
from aks_flow.core.runner import CommandFailed
from aks_flow.manifests import render
from aks_flow.push.fields import field_set
from aks_flow.push.fields.managers import Manager, deliverer, former, people
from aks_flow.push.fields.server_defaults import stale_defaults
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, get, output, patch
from aks_flow.tools.kubectl.apply import MANAGER
from aks_flow.tools.kubectl.kinds import LASTING

_WITHIN = 15  # seconds: a controller that writes in between makes it look again


def take_over(context: DeliveryContext, environment: str, manifest: str) -> None:
    """Make what people set in a manifest's objects the delivery's; CommandFailed if the server refuses.

    Where others write all the time a step says that it is left: the delivery does not hang on it.
    """
    cluster = context.cluster(environment)
    if not wait.within(lambda: _is_taken(context, cluster, manifest), _WITHIN):
        with context.steps("fields") as step:
            step.note = "what people set by hand is left: others write to these objects all the time"


def _is_taken(context: DeliveryContext, cluster: Kubectl, manifest: str) -> bool:
    live = output.objects(context.run.run(get.of_manifest(cluster, manifest)).text)
    pairs = to_take_over(render.objects(manifest), live)
    answers = [_patch(context, cluster, item, there) for item, there in pairs]
    return all(answer.code == 0 for answer in answers)


def _patch(context: DeliveryContext, cluster: Kubectl, item: dict, live: dict) -> Result:
    command = patch.owners(cluster, output.object_name(live), taken_over(item, live), live["metadata"])
    answer = context.run.run(command)
    if answer.code and output.refusal(answer) not in ("Conflict", "NotFound"):
        raise CommandFailed(command, answer)
    return answer


def to_take_over(objects: Iterable[dict], live: Iterable[dict]) -> list[tuple[dict, dict]]:
    """Of a manifest's ``objects`` those whose fields, as the cluster has them, are not all the delivery's."""
    pairs = output.pairs(objects, live)
    return [(item, there) for item, there in pairs if _taken(there) or stale_defaults(item, there)]


def taken_over(item: dict, live: dict) -> list[dict]:
    """The object's managedFields once they are the delivery's; how it is run stays with whoever said that."""
    taken, ours = _taken(live), deliverer(live)
    fields = field_set.union(ours.fields if ours else {}, stale_defaults(item, live))
    for manager in taken:
        fields = field_set.union(fields, manager.fields if manager in former(live) else manager.configured)
    gone = [manager.entry for manager in (*taken, *([ours] if ours else []))]
    entries = [entry for entry in live["metadata"]["managedFields"] if entry not in gone]
    return [_ours(live, fields, taken, ours), *_left(live, taken), *entries]


def _taken(live: dict) -> list[Manager]:
    """Nothing that people set on what holds others' data: a Namespace has labels of its administrators."""
    if output.object_name(live).startswith(LASTING):
        return former(live)
    return [*former(live), *people(live)]


def _ours(live: dict, fields: field_set.FieldSet, taken: list[Manager], ours: Manager | None) -> dict:
    times = [manager.time for manager in (*taken, *([ours] if ours else [])) if manager.time]
    entry = {"manager": MANAGER, "operation": "Apply", "apiVersion": live["apiVersion"]}
    return entry | {"time": max(times)} | {"fieldsType": "FieldsV1", "fieldsV1": fields}


def _left(live: dict, taken: list[Manager]) -> list[dict]:
    """What stays with people."""
    kept = [manager for manager in taken if manager not in former(live) and manager.running]
    return [{**manager.entry, "fieldsV1": manager.running} for manager in kept]
