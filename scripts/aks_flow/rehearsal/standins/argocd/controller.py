"""The controller: a worker for each Application and each ApplicationSet of its namespace."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from aks_flow.rehearsal.standins.argocd import names, object_refs
from aks_flow.rehearsal.standins.argocd.api import ClusterApi
from aks_flow.rehearsal.standins.argocd.application_sets.pull_requests import GitHub
from aks_flow.rehearsal.standins.argocd.application_sets.set_worker import SetWorker
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.live_state import LiveStateCache
from aks_flow.rehearsal.standins.argocd.programs import Programs
from aks_flow.rehearsal.standins.argocd.reflector import Reflector
from aks_flow.rehearsal.standins.argocd.refreshing import Level
from aks_flow.rehearsal.standins.argocd.repository import Repositories
from aks_flow.rehearsal.standins.argocd.worker import Worker
from aks_flow.tools.kubectl import Kubectl

log = logging.getLogger(__name__)


class ApplicationController:
    """``folder``: for copies of the git repositories, and nothing else."""

    def __init__(
        self, api: ClusterApi, kubeconfig: Path, namespace: str, folder: Path, poll: float, github: GitHub
    ):
        self._workers: dict[str, Worker] = {}
        self._set_workers: dict[str, SetWorker] = {}
        self._tasks: set[asyncio.Task] = set()
        programs = Programs()

        def reflector(kind: str, changed: Callable[[dict, bool], None]) -> Reflector:
            return Reflector(api, api.find(names.API_VERSION, kind), changed, namespace)

        self._context = ControllerContext(
            api=api,
            namespace=namespace,
            poll=poll,
            applications=reflector("Application", self._application),
            projects=reflector("AppProject", self._project),
            application_sets=reflector("ApplicationSet", self._application_set),
            github=github,
            live=LiveStateCache(api, self._object),
            programs=programs,
            repositories=Repositories(programs, folder),
            kubectl=Kubectl(str(kubeconfig)),
        )

    async def run(self) -> None:
        """For ever."""
        self._context.projects.start()
        await self._context.projects.ready.wait()
        self._context.applications.start()
        await self._context.applications.ready.wait()
        self._context.application_sets.start()
        await asyncio.Event().wait()

    def _application(self, item: dict, gone: bool) -> None:
        self._notice(self._workers, Worker, item, gone)
        for worker in self._set_workers.values():
            worker.notice_application(item, gone)

    def _application_set(self, item: dict, gone: bool) -> None:
        self._notice(self._set_workers, SetWorker, item, gone)

    def _notice(self, workers: dict, make: type[Worker] | type[SetWorker], item: dict, gone: bool) -> None:
        """Tell the object's worker, which begins when the object comes and ends by itself once it is gone."""
        name = item["metadata"]["name"]
        if name not in workers and not gone:
            workers[name] = make(self._context, name)
            task = asyncio.create_task(workers[name].run(), name=name)
            self._tasks.add(task)
            task.add_done_callback(partial(self._ended, workers))
        if name in workers:
            workers[name].notice(item)

    def _ended(self, workers: dict, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        workers.pop(task.get_name(), None)
        if not task.cancelled() and task.exception():
            log.error("the work on %s ended", task.get_name(), exc_info=task.exception())

    def _project(self, item: dict, gone: bool) -> None:
        for worker in self._workers.values():
            worker.ask(Level.RECENT)

    def _object(self, item: dict) -> None:
        """An object changed: the Application that owns it looks again, and any whose manifests have it."""
        owner = object_refs.owner(item)
        for name, worker in self._workers.items():
            if name == owner or worker.manages(object_refs.of(item)):
                worker.ask(Level.RECENT)


async def run(kubeconfig: Path, namespace: str, state: Path, poll: float, github: GitHub) -> None:
    """For ever. ``state``: a folder for copies of git repositories, and for what kinds the cluster serves."""
    api = ClusterApi.connect(kubeconfig, state / "discovery.json")
    await ApplicationController(api, kubeconfig, namespace, state / "repositories", poll, github).run()
