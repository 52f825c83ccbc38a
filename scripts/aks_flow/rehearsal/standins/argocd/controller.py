"""The controller: a worker for each Application of its namespace."""

import asyncio
import logging
from pathlib import Path

from aks_flow.rehearsal.standins.argocd import kubeconfig, refs
from aks_flow.rehearsal.standins.argocd.api import Api
from aks_flow.rehearsal.standins.argocd.discovery import Discovery
from aks_flow.rehearsal.standins.argocd.execution import Programs
from aks_flow.rehearsal.standins.argocd.hands import APPLICATION, PROJECT, Hands
from aks_flow.rehearsal.standins.argocd.live import Live
from aks_flow.rehearsal.standins.argocd.reflector import Reflector
from aks_flow.rehearsal.standins.argocd.refreshing import Level
from aks_flow.rehearsal.standins.argocd.repository import Repositories
from aks_flow.rehearsal.standins.argocd.worker import Worker
from aks_flow.tools.kubectl import Kubectl

log = logging.getLogger(__name__)


class Controller:
    """``folder``: for copies of the git repositories, and nothing else."""

    def __init__(self, api: Api, file: Path, namespace: str, folder: Path, poll: float):
        self._workers: dict[str, Worker] = {}
        self._tasks: set[asyncio.Task] = set()
        discovery, programs = Discovery(api), Programs()
        self._hands = Hands(
            api=api,
            namespace=namespace,
            poll=poll,
            applications=Reflector(api, APPLICATION, self._application, namespace),
            projects=Reflector(api, PROJECT, self._project, namespace),
            live=Live(api, discovery, self._object),
            discovery=discovery,
            programs=programs,
            repositories=Repositories(programs, folder),
            kubectl=Kubectl(str(file)),
        )

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hands.projects.run())
            await self._hands.projects.ready.wait()
            tasks.create_task(self._hands.applications.run())

    def _application(self, item: dict, gone: bool) -> None:
        name = item["metadata"]["name"]
        if name not in self._workers and not gone:
            self._start(name)
        if name in self._workers:
            self._workers[name].notice(item)

    def _start(self, name: str) -> None:
        worker = self._workers[name] = Worker(self._hands, name)
        task = asyncio.create_task(worker.run(), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        self._workers.pop(task.get_name(), None)
        if not task.cancelled() and task.exception():
            log.error("the work on %s ended", task.get_name(), exc_info=task.exception())

    def _project(self, item: dict, gone: bool) -> None:
        for worker in self._workers.values():
            worker.ask(Level.RECENT)

    def _object(self, item: dict) -> None:
        """An object changed: the Application that owns it looks again, and any that wants it."""
        owner = refs.owner(item)
        for name, worker in self._workers.items():
            if name == owner or worker.wants(refs.of(item)):
                worker.ask(Level.RECENT)


async def run(file: Path, namespace: str, folder: Path, poll: float) -> None:
    async with Api(kubeconfig.read(file)) as api:
        await Controller(api, file, namespace, folder, poll).run()
