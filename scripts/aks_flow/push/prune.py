"""What is no longer in the manifests: it is named by the plan, and goes once the new version is proven."""

from collections.abc import Iterable

from aks_flow.core.config.sections import KEEP
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.manifests.sync_waves import CONFIRMED, NOT_PRUNED, ManifestDocument, prune_option
from aks_flow.push.fields.applied import is_applied
from aks_flow.push.fields.managers import CLIENT_SIDE, deliverer, others
from aks_flow.push.history.generated import is_generated
from aks_flow.push.history.history import History
from aks_flow.push.plan import Leftovers
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, delete, get, output, resources
from aks_flow.tools.kubectl.kinds import LASTING

_STATEFUL = "statefulset.apps/"  # it goes if it says so itself, as on the pull path; LASTING never does
_KEPT, _HOLDS_DATA = "the configuration keeps it", "it holds data or objects of others"


def read(context: DeliveryContext, history: History, present: Iterable[str]) -> Leftovers:
    """What is left over beside the objects of the names ``present``."""
    before = earlier(history, present)
    live = _live(context, context.cluster(history.environment), list(before.values())) if before else []
    return leftovers(before, live, keep=context.config.removed == KEEP)


def prune(context: DeliveryContext, environment: str, left: Leftovers) -> Leftovers:
    """Delete what goes, as a step; gives what came of it. After a failure the new version is good still."""
    if not left.removed:
        return left
    names = ", ".join(left.removed)
    with context.steps("prune") as step:
        step.note = names
        try:
            context.run.run(delete.objects(context.cluster(environment), *left.removed))
        except AksFlowError as error:
            step.note = f"{names} could not be deleted"
            return Leftovers(kept=(*left.kept, f"{names} (not deleted: {error.in_one_line})"))
    return left


def earlier(history: History, present: Iterable[str]) -> dict[str, dict]:
    """The objects of earlier revisions that are not ``present``, as the newest that has them does, by name.

    Not those that kustomize names after their content: they go with the last revision that has them.
    """
    objects = {name: item for revision in history.revisions for name, item in revision.objects.items()}
    names = set(present)
    return {name: item for name, item in objects.items() if name not in names and not is_generated(name)}


def leftovers(before: dict[str, dict], live: Iterable[dict], keep: bool) -> Leftovers:
    """before: as of `earlier`. live: what the cluster has of these. keep: nothing is to be deleted."""
    there = {output.object_name(item): item for item in live}
    reasons = {name: _KEPT if keep else _reason(name, item, before[name]) for name, item in there.items()}
    removed = tuple(sorted(name for name, why in reasons.items() if not why))
    kept = tuple(sorted(f"{name} ({why})" for name, why in reasons.items() if why))
    return Leftovers(removed, kept)


def _reason(name: str, live: dict, before: dict) -> str:
    """Why an object stays, "" if it goes."""
    if name.startswith(LASTING):
        return _HOLDS_DATA
    if "deletionTimestamp" in live["metadata"]:
        return "it is being deleted"
    said = prune_option(live["metadata"].get("annotations"))
    if said in (NOT_PRUNED, CONFIRMED):
        return f"its annotation says {said}"
    if name.startswith(_STATEFUL) and not said:
        return _HOLDS_DATA
    if ManifestDocument("", live).phases:
        return "it ran as a hook"
    return "somebody else has applied it since" if _is_others(live, before) else ""


def _is_others(live: dict, before: dict) -> bool:
    """Whether another tool than a delivery has applied it: what people changed of it makes it not theirs."""
    if deliverer(live) is None:
        return not is_applied(before, live)
    return any(manager.applies or manager.name == CLIENT_SIDE for manager in others(live))


def _live(context: DeliveryContext, cluster: Kubectl, items: list[dict]) -> list[dict]:
    """Those that are there; of a kind that the cluster does not have (any more), none is."""
    try:
        return output.objects(context.run.run(get.of_manifest(cluster, resources.documents(items))).text)
    except CommandFailed as error:
        if error.unanswered:
            raise
        if len(items) == 1:
            return []
        return [there for item in items for there in _live(context, cluster, [item])]
