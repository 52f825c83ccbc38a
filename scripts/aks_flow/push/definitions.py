"""CustomResourceDefinitions of a delivery: the server must know a kind before it takes objects of it.

So they go first, and are waited for; then all else is validated as ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aks_flow.core import silence
from aks_flow.core.runner import CommandFailed
from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import ManifestDocument, together
from aks_flow.push import read_only
from aks_flow.push.fields import unvalidated
from aks_flow.push.plan import PlannedHooks, PushPlan
from aks_flow.push.read_only import Withheld
from aks_flow.push.refusal import Refused
from aks_flow.push.validate import dry_run
from aks_flow.rollout.watch.failure import BadVerdict, command_failure
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, apply, get, output, resources, rollout

KIND = "CustomResourceDefinition"
_WITHIN = 60  # seconds from a definition's write to its kind's being served
_AGAIN = "Nothing else was changed. Correct the definition; then run the same command again."


@dataclass(frozen=True)
class ComparedDefinitions:
    """names: of those that a delivery makes or changes.

    unvalidated: a sentence if the server did not compare them. withheld: those that may not be read.
    """

    names: tuple[str, ...] = ()
    unvalidated: tuple[str, ...] = ()
    withheld: Withheld = Withheld()


def read(context: DeliveryContext, environment: str, objects: Iterable[dict]) -> ComparedDefinitions:
    """Of one that may not be read it is told whether it is new, by its kind; Refused if the server cannot
    compare the others."""
    cluster, own = context.cluster(environment), [item for item in objects if item["kind"] == KIND]
    if not own:
        return ComparedDefinitions()
    text, withheld = read_only.ask(context, get.of_manifest(cluster, resources.documents(own)))
    live, seen = output.objects(text), withheld.others(own)
    hidden = [item for item in own if item not in seen]
    there = {item["metadata"]["name"] for item in live if _is_established(item)}
    there |= {item["metadata"]["name"] for item in hidden if _is_served(context, cluster, item)}
    changed = [item for item in own if item["metadata"]["name"] not in there]
    rest = [item for item in seen if item not in changed]
    diff, said = difference(context, environment, resources.documents(rest)) if rest else ("", ())
    if diff or (said and unvalidated.difference(rest, live)):
        changed += rest
    names = tuple(item["metadata"]["name"] for item in own if item in changed)
    return ComparedDefinitions(names, said, withheld)


def _is_established(live: dict) -> bool:
    conditions = live.get("status", {}).get("conditions") or []
    return any((item["type"], item["status"]) == ("Established", "True") for item in conditions)


def _is_served(context: DeliveryContext, cluster: Kubectl, definition: dict) -> bool:
    """Whether the server has its kind, which goes by the definition's name; whoever signs in may ask."""
    answer = context.run.run(get.names(cluster, definition["metadata"]["name"]))
    return silence.NO_KIND not in answer.error_text


def difference(context: DeliveryContext, environment: str, text: str) -> tuple[str, tuple[str, ...]]:
    """As `read_only.difference`; Refused if the server does not take the manifest."""
    try:
        return read_only.difference(context, context.cluster(environment), text)
    except CommandFailed as error:
        raise Refused(error, environment) from error


def split(text: str, names: Iterable[str]) -> tuple[str, str]:
    """A manifest in two: what the server knows the kinds of, and the objects of these definitions' kinds."""
    documents, names = render.documents(text), set(names)
    kinds = {_kind(item.object) for item in documents if item.object["metadata"].get("name") in names}
    known = (item for item in documents if not _is_of(item, kinds))
    return together(known), together(item for item in documents if _is_of(item, kinds))


def _kind(definition: dict) -> tuple[str, str] | None:
    """The group and kind that it defines."""
    if definition["kind"] != KIND:
        return None
    return definition["spec"]["group"], definition["spec"]["names"]["kind"]


def _is_of(document: ManifestDocument, kinds: set) -> bool:
    group = document.object["apiVersion"].rpartition("/")[0]
    return (group, document.object["kind"]) in kinds


def establish(context: DeliveryContext, plan: PushPlan) -> None:
    """Apply the plan's definitions and wait until the server has their kinds.

    Refused, and nothing has changed, if it refuses something that needs none of them; BadVerdict if they do
    not come.
    """
    if not plan.changes.definitions:
        return
    known, _ = split(plan.manifest, plan.changes.definitions)
    with context.steps("definitions") as step:
        step.note = ", ".join(plan.changes.definitions)
        others = replace(plan.changes, definitions=())
        dry_run(context, replace(plan, manifest=known, hooks=PlannedHooks(), changes=others))
        _apply(context, plan, _of_names(known, plan.changes.definitions))


def _of_names(text: str, names: Iterable[str]) -> str:
    own = [item for item in render.documents(text) if item.object["kind"] == KIND]
    return together(item for item in own if item.object["metadata"]["name"] in names)


def _apply(context: DeliveryContext, plan: PushPlan, text: str) -> None:
    cluster = context.cluster(plan.environment)
    try:
        context.run.run(apply.delivered(cluster, text))
        context.run.run(rollout.wait(cluster, "Established", "crd", plan.changes.definitions, _WITHIN))
    except CommandFailed as error:
        finding = command_failure(", ".join(plan.changes.definitions), error)
        raise BadVerdict(plan.environment, (finding,), _AGAIN) from error
