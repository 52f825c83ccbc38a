"""`az acr build`: a context uploaded, a run scheduled, its log followed."""

import asyncio

from aks_flow.rehearsal.standins.azure import blobs
from aks_flow.rehearsal.standins.azure.acr import building
from aks_flow.rehearsal.standins.azure.acr.building import Build
from aks_flow.rehearsal.standins.azure.arm import work
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import invalid, no_resource
from aks_flow.rehearsal.standins.azure.arm.kind import Kind
from aks_flow.rehearsal.standins.azure.resources.registries import REGISTRIES
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.azure.world import World

RUNS = f"{REGISTRIES}/runs"


class Runs(Kind):
    """A run: Running, then Succeeded or Failed."""

    type = RUNS
    tracked = False


def _upload_url(call: Call) -> Answer:
    _need_registry(call)
    name = blobs.new(call.world)
    return Answer({"uploadUrl": blobs.url(call.world, name), "relativePath": name})


def _schedule(call: Call) -> Answer:
    """Begin the build; the answer is the run."""
    _need_registry(call)
    log = blobs.new(call.world)
    number = len(call.world.store.all(RESOURCE, f"{call.place.id}/runs/")) + 1
    name = f"ca{number}"
    about = {"id": f"{call.place.id}/runs/{name}", "name": name, "type": RUNS}
    state = {"runId": name, "status": "Running", "runType": "QuickBuild", "log": log}
    run = {**about, "properties": {**state, "provisioningState": "Succeeded"}}
    call.world.store.put(RESOURCE, run["id"], run)
    (blobs.folder(call.world) / log).write_bytes(b"")
    work.beside(_carry_out(call.world, run, _build(call)))
    return Answer(run)


def _build(call: Call) -> Build:
    request = call.body
    context = blobs.uploaded(call.world, str(request.get("sourceLocation")))
    if not context:
        raise invalid("The rehearsal's Azure builds from an uploaded context only.", "InvalidSourceLocation")
    arguments = tuple(
        (argument["name"], argument.get("value") or "") for argument in request.get("arguments") or ()
    )
    return Build(
        *(context, request["dockerFilePath"], tuple(request.get("imageNames") or ())),
        *(arguments, bool(request.get("isPushEnabled"))),
    )


async def _carry_out(world: World, run: Document, build: Build) -> None:
    went_well, text = await asyncio.to_thread(building.run, world, build)
    status = "Succeeded" if went_well else "Failed"
    file = blobs.folder(world) / run["properties"]["log"]
    file.write_bytes("\r\n".join((*text.splitlines(), f"Run ID: {run['name']} {status}", "")).encode())
    file.with_suffix(".status").write_text(status)
    run["properties"]["status"] = status
    world.store.put(RESOURCE, run["id"], run)


def _log_url(call: Call) -> Answer:
    run = call.world.store.get(RESOURCE, call.place.id)
    if not run:
        raise no_resource(RUNS, "/".join(call.place.names), call.place.group)
    return Answer({"logLink": blobs.url(call.world, run["properties"]["log"])})


def _need_registry(call: Call) -> None:
    if not call.world.store.get(RESOURCE, call.place.id):
        raise no_resource(REGISTRIES, call.place.name, call.place.group)


KINDS = (Runs(),)
ACTIONS = {
    f"{REGISTRIES}/listBuildSourceUploadUrl": _upload_url,
    f"{REGISTRIES}/scheduleRun": _schedule,
    f"{RUNS}/listLogSasUrl": _log_url,
}
