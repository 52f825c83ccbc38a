"""`az aks command invoke`: a command line run beside the cluster, and what came of it.

As in Azure: attached files lie beside it, who asked is who kubectl is, and the output is cut at 512 kB.
"""

import asyncio
import base64
import binascii
import datetime
import io
import json
import tempfile
import uuid
import zipfile
from pathlib import Path
from typing import Any

from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.azure.aks.api_server_proxy import local_token
from aks_flow.rehearsal.standins.azure.arm import background_work
from aks_flow.rehearsal.standins.azure.arm.call import Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources.cluster_credentials import kubeconfig, need_cluster
from aks_flow.rehearsal.standins.azure.resources.clusters import CLUSTERS
from aks_flow.rehearsal.standins.azure.store import Document

RUN = "run command"  # the store's kind
CUT = 512 * 1024  # bytes of output that are kept
POLL = 1  # seconds


class Results(ResourceType):
    """``…/commandResults/ID``: 202 while it runs."""

    type = f"{CLUSTERS}/commandResults"

    def get(self, call: Call) -> Answer:
        run = call.cloud.store.get(RUN, call.path.name)
        if not run:
            raise ArmError(404, "NotFound", f"The command '{call.path.name}' was not found.")
        if run["properties"]["provisioningState"] == "Running":
            return Answer(run, 202, {"Location": _location(call, call.path.name), "Retry-After": str(POLL)})
        return Answer(run)


def _run_command(call: Call) -> Answer:
    """Begin it; the answer's Location is where its result will be."""
    cluster = need_cluster(call)
    if not call.body.get("command"):
        raise invalid("The command is missing.", "BadRequest")
    if cluster["properties"].get("apiServerAccessProfile", {}).get("disableRunCommand"):
        raise ArmError(400, "RunCommandDisabled", "Run command is disabled on this cluster.")
    files, identifier = _files(call.body.get("context") or ""), uuid.uuid4().hex
    started = {"provisioningState": "Running"}
    call.cloud.store.put(RUN, identifier, {"id": identifier, "properties": started})
    fault = call.cloud.faults.strike(f"runCommand {call.path.name}") or {}
    login = {"token": call.body.get("clusterToken") or local_token(call.cloud, cluster)}
    access = kubeconfig(call.cloud, cluster, "run", login, inside=True)
    background_work.beside(_carry_out(call.cloud, identifier, call.body["command"], files, access, fault))
    return Answer(status=202, headers={"Location": _location(call, identifier), "Retry-After": str(POLL)})


def _location(call: Call, identifier: str) -> str:
    cluster = call.path.id.partition("/commandResults/")[0].replace("/managedClusters/", "/managedclusters/")
    return f"{call.cloud.url}{cluster}/commandResults/{identifier}?api-version={call.version}"


def _files(context: str) -> dict[str, bytes]:
    """The attached files by name, from a zip in base64."""
    if not context:
        return {}
    try:
        archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(context)))
    except (binascii.Error, zipfile.BadZipFile) as error:
        raise invalid(f"The context is no zip in base64: {error}.", "BadRequest") from error
    return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


async def _carry_out(
    cloud: Cloud, identifier: str, line: str, files: dict[str, bytes], access: Document, fault: dict[str, Any]
) -> None:
    run, began = cloud.store.get(RUN, identifier), _now(cloud)
    await asyncio.sleep(fault.get("delay", 0))
    try:
        code, output = await asyncio.to_thread(_execute, line, files, access)
        ended = {"provisioningState": "Succeeded", "exitCode": code, "logs": output}
    except AksFlowError as error:
        ended = {"provisioningState": "Failed", "reason": str(error)}
    ended |= {key: fault[key] for key in ("provisioningState", "exitCode", "reason") if key in fault}
    if ended["provisioningState"] == "Failed":
        ended = {key: value for key, value in ended.items() if key not in ("exitCode", "logs")}
    run["properties"] |= {**ended, "startedAt": began, "finishedAt": _now(cloud)}
    cloud.store.put(RUN, identifier, run)


def _execute(line: str, files: dict[str, bytes], access: Document) -> tuple[int, str]:
    """Run it in a folder of its own; its exit code, and the beginning of what it said."""
    with tempfile.TemporaryDirectory(prefix="aks-flow-run-") as folder:
        for name, data in files.items():
            file = (Path(folder) / name).resolve()
            if file.is_relative_to(Path(folder).resolve()):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        config = Path(folder) / ".kubeconfig"
        config.write_text(json.dumps(access))
        shell = command("sh", "-c", f"exec 2>&1\n{line}", cwd=Path(folder), ok=range(-255, 256))
        result = Local().run(shell.with_env(KUBECONFIG=str(config), HOME=folder))
    return result.code, result.stdout[:CUT].decode(errors="replace")


def end_lost(cloud: Cloud) -> None:
    """What ran when the process ended has no end of its own."""
    for run in cloud.store.all(RUN):
        if run["properties"]["provisioningState"] == "Running":
            lost = {"provisioningState": "Failed", "reason": "The pod that ran the command is gone."}
            run["properties"] |= {**lost, "finishedAt": _now(cloud)}
            cloud.store.put(RUN, run["id"], run)


def _now(cloud: Cloud) -> str:
    return f"{datetime.datetime.fromtimestamp(cloud.now(), datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


RESOURCE_TYPES = (Results(),)
ACTIONS = {f"{CLUSTERS}/runCommand": _run_command}
