"""What would keep a delivery from ending, seen before it begins: what people stopped by hand. Pure."""

from collections.abc import Iterable

from aks_flow.core.errors import AksFlowError
from aks_flow.push.fields.applied import applied
from aks_flow.tools.kubectl import output


def obstacles(objects: Iterable[dict], live: Iterable[dict], namespace: str) -> tuple[str, ...]:
    """A sentence for each, with the command. objects: of the manifest. live: what the cluster has of them."""
    present = {output.object_name(item): item for item in live}
    pairs = ((item, present.get(output.object_name(item))) for item in objects)
    found = (_obstacle(item, there, f"kubectl --namespace {namespace}") for item, there in pairs if there)
    return tuple(text for text in found if text)


def refuse(environment: str, texts: tuple[str, ...]) -> None:
    """AksFlowError if there is any; nothing has been changed by then."""
    if texts:
        what = f"a delivery to {environment} could not end, and nothing was changed"
        lines = "".join(f"\n    {text}" for text in texts)
        raise AksFlowError(f"{what}:{lines}\n", next_step="Do that; then run the same command again.")


def _obstacle(item: dict, live: dict, kubectl: str) -> str:
    kind, spec = item["kind"], item.get("spec") or {}
    ref = f"{kind.lower()}/{item['metadata']['name']}"
    if kind == "Deployment" and spec.get("paused"):
        return f"{ref} is paused by the manifests: take `paused` out of them"
    if kind == "Deployment" and _stays(item, live, "paused"):
        return f"{ref} is paused: `{kubectl} rollout resume {ref}`"
    if kind == "Job" and not spec.get("suspend") and _stays(item, live, "suspend"):
        patch = """--type=merge --patch='{"spec":{"suspend":false}}'"""
        return f"{ref} is suspended: `{kubectl} patch {ref} {patch}`"
    if kind in ("Deployment", "StatefulSet") and _stays(item, live, "replicas", 0):
        left = "and the manifests leave it so"
        return f"{ref} is scaled to 0, {left}: `{kubectl} scale {ref} --replicas=1`"
    return ""


def _stays(item: dict, live: dict, field: str, value: object = True) -> bool:
    """Whether a field has this value and an apply leaves it so: it takes away what one before had set."""
    set_by_applies = {**(applied(live) or {}).get("spec", {}), **(item.get("spec") or {})}
    return live.get("spec", {}).get(field) == value and field not in set_by_applies
