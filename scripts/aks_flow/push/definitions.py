"""CustomResourceDefinitions of a delivery: the server must know a kind before it takes objects of it.

So they go first, and are waited for; then all else is validated as ever.
"""

from collections.abc import Iterable
from dataclasses import replace

from aks_flow.core.runner import CommandFailed
from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import ManifestDocument, together
from aks_flow.push.outcome import Refused
from aks_flow.push.plan import PushPlan
from aks_flow.push.strategy.parts import manifest
from aks_flow.push.validate import dry_run
from aks_flow.rollout.watch.failure import BadVerdict, command_failure
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, apply, diff, get, output, rollout

KIND = "CustomResourceDefinition"
_WITHIN = 60  # seconds from a definition's write to its kind's being served
_AGAIN = "Nothing else was changed. Correct the definition; then run the same command again."


def read(context: DeliveryContext, environment: str, objects: Iterable[dict]) -> tuple[str, ...]:
    """The names of those that a delivery makes or changes; Refused if the server cannot compare them."""
    cluster, own = context.cluster(environment), [item for item in objects if item["kind"] == KIND]
    if not own:
        return ()
    there = _established(context, cluster, own)
    changed = [item for item in own if item["metadata"]["name"] not in there]
    rest = [item for item in own if item not in changed]
    if rest and _differ(context, environment, rest):
        changed = own
    return tuple(item["metadata"]["name"] for item in changed)


def _established(context: DeliveryContext, cluster: Kubectl, own: list[dict]) -> set[str]:
    live = output.objects(context.run.run(get.of_manifest(cluster, manifest(own))).text)
    return {item["metadata"]["name"] for item in live if _is_established(item)}


def _is_established(live: dict) -> bool:
    conditions = live.get("status", {}).get("conditions") or []
    return any((item["type"], item["status"]) == ("Established", "True") for item in conditions)


def _differ(context: DeliveryContext, environment: str, items: list[dict]) -> bool:
    try:
        return bool(context.run.run(diff.manifest(context.cluster(environment), manifest(items))).text)
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
    if not plan.definitions:
        return
    known, _ = split(plan.manifest, plan.definitions)
    with context.steps("definitions") as step:
        step.note = ", ".join(plan.definitions)
        dry_run(context, replace(plan, manifest=known, before=(), definitions=()))
        _apply(context, plan, _of_names(known, plan.definitions))


def _of_names(text: str, names: Iterable[str]) -> str:
    own = [item for item in render.documents(text) if item.object["kind"] == KIND]
    return together(item for item in own if item.object["metadata"]["name"] in names)


def _apply(context: DeliveryContext, plan: PushPlan, text: str) -> None:
    cluster = context.cluster(plan.environment)
    try:
        context.run.run(apply.delivered(cluster, text))
        context.run.run(rollout.wait(cluster, "Established", "crd", plan.definitions, _WITHIN))
    except CommandFailed as error:
        finding = command_failure(", ".join(plan.definitions), error)
        raise BadVerdict(plan.environment, (finding,), _AGAIN) from error
