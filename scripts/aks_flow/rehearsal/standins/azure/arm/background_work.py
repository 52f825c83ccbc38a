"""Operations that do something: it runs beside the server, and its operation ends with it."""

import asyncio
from collections.abc import Callable

from aks_flow.rehearsal.standins.azure.arm import operations
from aks_flow.rehearsal.standins.azure.arm.call import Call
from aks_flow.rehearsal.standins.azure.arm.operations import OPERATION, REPORT
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.store import Document

_UNKNOWN = 10**9  # seconds: its end is not a matter of time
_running: set[asyncio.Task] = set()


class BackgroundWorkError(Exception):
    """Why the work failed: Azure's code, and a sentence."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def begin(call: Call, job: Callable[[], None], meanwhile: Document, answer: Document) -> Document:
    """Begin an operation on the call's resource that lasts as long as ``job`` does, in a thread."""
    operation = operations.begin(call, call.path.id, REPORT, answer, meanwhile)
    started = operation | {"ends": operation["ends"] + _UNKNOWN}
    call.cloud.store.put(OPERATION, operation["id"], started)
    beside(_carry_out(call.cloud, operation, job))
    return operation


def beside(work) -> None:
    """Let a coroutine run beside the server."""
    task = asyncio.create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)


async def _carry_out(cloud: Cloud, operation: Document, job: Callable[[], None]) -> None:
    fails = operation["fails"]
    try:
        await asyncio.to_thread(job)
    except BackgroundWorkError as error:
        fails = fails or {"code": error.code, "message": str(error)}
    cloud.store.put(OPERATION, operation["id"], operation | {"fails": fails})


def end_lost(cloud: Cloud) -> None:
    """Work that was going on when the process ended has failed."""
    lost = {"code": "InternalServerError", "message": "The service was restarted meanwhile."}
    for operation in cloud.store.all(OPERATION):
        if operation["status"] == "InProgress" and operation["ends"] > cloud.now() + _UNKNOWN / 2:
            cloud.store.put(OPERATION, operation["id"], operation | {"ends": cloud.now(), "fails": lost})
