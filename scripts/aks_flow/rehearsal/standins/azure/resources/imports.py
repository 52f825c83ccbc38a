"""`az acr import`: an image of another registry copied into this one.

Only the rehearsal's registry can be imported from: it holds copies of third-party images.
"""

from collections.abc import Mapping
from functools import partial

from aks_flow.rehearsal.standins.azure.acr.copying import Copy, CopyError
from aks_flow.rehearsal.standins.azure.arm import background_work, operations
from aks_flow.rehearsal.standins.azure.arm.background_work import BackgroundWorkError
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import invalid, no_resource
from aks_flow.rehearsal.standins.azure.resources.registries import REGISTRIES, store_of
from aks_flow.rehearsal.standins.azure.store import Document


def _import(call: Call) -> Answer:
    """Begin the copy; its Location says when it is done."""
    registry = call.cloud.store.get(RESOURCE, call.path.id)
    if not registry:
        raise no_resource(REGISTRIES, call.path.name, call.path.group)
    source, tags = call.body.get("source") or {}, call.body.get("targetTags") or []
    if not (source.get("sourceImage") and tags):
        raise invalid("An import needs a source image and target tags.", "InvalidParameters")
    force = call.body.get("mode") == "Force"
    pending, done = {**dict.fromkeys(tags, "Pending"), "status": "Accepted"}, {"status": "Succeeded"}
    work = partial(_copy, call, registry, source, tags, force)
    operation = background_work.begin(call, work, pending, done)
    return Answer(status=202, headers=_where(call, operation))


def _where(call: Call, operation: Document) -> Mapping[str, str]:
    """Where to ask for it: at the subscription, which a role at the registry does not reach."""
    region = f"/subscriptions/{call.path.subscription}/providers/Microsoft.ContainerRegistry/locations"
    path = f"{region}/{operation['location'].upper()}/operationResults/{operation['id']}"
    return operations.elsewhere(call, operations.LOCATION, path)


def _copy(call: Call, registry: Document, source: Document, tags: list[str], force: bool) -> None:
    repository, reference = _split(source["sourceImage"])
    host = source.get("registryUri") or ""
    inside = store_of(registry)
    own = str(source.get("resourceId") or "").lower() == registry["id"].lower()
    where = f"{inside}/{repository}" if own else repository.removeprefix("library/")
    for tag in tags:
        target, name = _split(tag)
        copy = Copy(call.cloud.backends.registry, where, f"{inside}/{target}")
        try:
            if not force and copy.has(name):
                raise BackgroundWorkError("Conflict", f"Tag {tag} already exists in target registry.")
            copy.run(reference, name)
        except CopyError as error:
            message = f"Failed to import image {host}/{source['sourceImage']}: {error}."
            raise BackgroundWorkError("ImportImageFailed", message) from error


def _split(image: str) -> tuple[str, str]:
    """``library/nginx:1`` or ``library/nginx@sha256:…`` -> repository, and tag or digest."""
    if "@" in image:
        return image.partition("@")[0].partition(":")[0], image.partition("@")[2]
    repository, _, tag = image.partition(":")
    return repository, tag or "latest"


RESOURCE_TYPES = ()
ACTIONS = {f"{REGISTRIES}/importImage": _import}
