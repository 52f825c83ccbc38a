"""What the work on every Application is done with."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.argocd import names
from aks_flow.rehearsal.standins.argocd.api import Api, Resource
from aks_flow.rehearsal.standins.argocd.discovery import Discovery
from aks_flow.rehearsal.standins.argocd.execution import Programs
from aks_flow.rehearsal.standins.argocd.live import Live
from aks_flow.rehearsal.standins.argocd.reflector import Reflector
from aks_flow.rehearsal.standins.argocd.repository import Repositories
from aks_flow.tools.kubectl import Kubectl

APPLICATION = Resource(names.API_VERSION, "Application", "applications", namespaced=True)
PROJECT = Resource(names.API_VERSION, "AppProject", "appprojects", namespaced=True)


@dataclass(frozen=True)
class Hands:
    """``namespace``: of the Applications and AppProjects. ``poll``: seconds between looks at git."""

    api: Api
    namespace: str
    poll: float
    applications: Reflector
    projects: Reflector
    live: Live
    discovery: Discovery
    programs: Programs
    repositories: Repositories
    kubectl: Kubectl

    def application(self, name: str) -> dict | None:
        return self.applications.get(self.namespace, name)

    async def patch(self, name: str, changes: dict) -> dict:
        """Change an Application; the copy here is current at once."""
        changed = await self.api.patch(APPLICATION.path(self.namespace, name), changes)
        self.applications.store(changed)
        return changed
