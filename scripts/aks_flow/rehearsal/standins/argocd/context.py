"""What the workers of all Applications share."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.argocd.api import ClusterApi
from aks_flow.rehearsal.standins.argocd.application_sets.pull_requests import GitHub
from aks_flow.rehearsal.standins.argocd.live_state import LiveStateCache
from aks_flow.rehearsal.standins.argocd.programs import Programs
from aks_flow.rehearsal.standins.argocd.reflector import Reflector
from aks_flow.rehearsal.standins.argocd.repository import Repositories
from aks_flow.tools.kubectl import Kubectl


@dataclass(frozen=True)
class ControllerContext:
    """``namespace``: of all objects that Argo CD reads. ``poll``: seconds between looks at git."""

    api: ClusterApi
    namespace: str
    poll: float
    applications: Reflector
    projects: Reflector
    application_sets: Reflector
    github: GitHub
    live: LiveStateCache
    programs: Programs
    repositories: Repositories
    kubectl: Kubectl

    def application(self, name: str) -> dict | None:
        return self.applications.get(self.namespace, name)

    async def patch(self, application: dict, changes: dict) -> dict:
        """Change an Application; the copy here is current at once, unless that has gone meanwhile."""
        changed = await self.api.patch(application, changes)
        if self.application(application["metadata"]["name"]):
            self.applications.store(changed)
        return changed
