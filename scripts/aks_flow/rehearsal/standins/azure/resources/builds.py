"""`az acr build`: a context uploaded, a run scheduled, its log followed."""

import asyncio

from aks_flow.rehearsal.standins.azure import blobs
from aks_flow.rehearsal.standins.azure.acr import building
from aks_flow.rehearsal.standins.azure.acr.building import Build
from aks_flow.rehearsal.standins.azure.arm import background_work
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import invalid, no_resource
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources.registries import REGISTRIES
from aks_flow.rehearsal.standins.azure.store import Document

RUNS = f"{REGISTRIES}/runs"


class BuildRuns(ResourceType):
    """A run: Running, then Succeeded or Failed."""

    type = RUNS
    tracked = False


def _upload_url(call: Call) -> Answer:
    _need_registry(call)
    name = blobs.new(call.cloud)
    return Answer({"uploadUrl": blobs.url(call.cloud, name), "relativePath": name})


def _schedule(call: Call) -> Answer:
    """Begin the build; the answer is the run."""
    _need_registry(call)
    log = blobs.new(call.cloud)
    number = len(call.cloud.store.all(RESOURCE, f"{call.path.id}/runs/")) + 1
    name = f"ca{number}"
    about = {"id": f"{call.path.id}/runs/{name}", "name": name, "type": RUNS}
    state = {"runId": name, "status": "Running", "runType": "QuickBuild", "log": log}
    run = {**about, "properties": {**state, "provisioningState": "Succeeded"}}
    call.cloud.store.put(RESOURCE, run["id"], run)
    (blobs.folder(call.cloud) / log).write_bytes(b"")
    background_work.beside(_carry_out(call.cloud, run, _build(call)))
    return Answer(run)


def _build(call: Call) -> Build:
    request = call.body
    context = blobs.uploaded(call.cloud, str(request.get("sourceLocation")))
    if not context:
        raise invalid("The rehearsal's Azure builds from an uploaded context only.", "InvalidSourceLocation")
    arguments = tuple(
        (argument["name"], argument.get("value") or "") for argument in request.get("arguments") or ()
    )
    return Build(
        *(context, request["dockerFilePath"], tuple(request.get("imageNames") or ())),
        *(arguments, bool(request.get("isPushEnabled"))),
    )


async def _carry_out(cloud: Cloud, run: Document, build: Build) -> None:
    went_well, text = await asyncio.to_thread(building.run, cloud, build)
    status = "Succeeded" if went_well else "Failed"
    file = blobs.folder(cloud) / run["properties"]["log"]
    file.write_bytes("\r\n".join((*text.splitlines(), f"Run ID: {run['name']} {status}", "")).encode())
    file.with_suffix(".status").write_text(status)
    run["properties"]["status"] = status
    cloud.store.put(RESOURCE, run["id"], run)


def _log_url(call: Call) -> Answer:
    run = call.cloud.store.get(RESOURCE, call.path.id)
    if not run:
        raise no_resource(RUNS, "/".join(call.path.names), call.path.group)
    return Answer({"logLink": blobs.url(call.cloud, run["properties"]["log"])})


def _need_registry(call: Call) -> None:
    if not call.cloud.store.get(RESOURCE, call.path.id):
        raise no_resource(REGISTRIES, call.path.name, call.path.group)


RESOURCE_TYPES = (BuildRuns(),)
ACTIONS = {
    f"{REGISTRIES}/listBuildSourceUploadUrl": _upload_url,
    f"{REGISTRIES}/scheduleRun": _schedule,
    f"{RUNS}/listLogSasUrl": _log_url,
}
