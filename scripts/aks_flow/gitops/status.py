"""Each environment at one glance: what is wanted, what is synced, what runs, what could come."""

import json
from dataclasses import dataclass

from aks_flow.core.runner import CommandFailed
from aks_flow.gitops import policy
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.wait import running
from aks_flow.gitops.wait.watch import argo
from aks_flow.image import names
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.argocd import Application
from aks_flow.tools.git import objects

UNKNOWN, NONE = "unknown", "none"


@dataclass(frozen=True)
class Row:
    """One environment. wanted, synced, running, newest: versions. drift: what differs from the branch."""

    environment: str
    wanted: str
    synced: str
    running: str
    newest: str
    health: str
    drift: str
    hold: str


def read(context: DeliveryContext) -> list[Row]:
    """A row for each environment. What the cluster cannot tell is `unknown`; the branch must be there."""
    glance = Glance(context)
    return [glance.row(name) for name in context.config.environments]


class Glance:
    """The branch, the registry and Argo CD, each asked once."""

    def __init__(self, context: DeliveryContext):
        self._delivery = context
        self._branch = open_branch(context.run, context.config, history=True)
        self._tip = self._branch.tip()
        self._states = self._branch.states(self._tip, context.config.environments)
        self._tags = context.registry.tags(names.app_repository(context.config))
        self._applications = _applications(context)

    def row(self, name: str) -> Row:
        state, environment = self._states[name], self._delivery.config.environment(name)
        found = (self._applications or {}).get(environment.namespace)
        return Row(
            name,
            wanted=state.image.tag if state.image else NONE,
            synced=self._synced(name, found) if found else UNKNOWN,
            running=UNKNOWN if self._applications is None else self._running(name),
            newest=str(policy.newest(self._tags, environment.admits) or NONE),
            health=found.health if found else UNKNOWN,
            drift=_drift(found) if found else UNKNOWN,
            hold=state.held or NONE,
        )

    def _synced(self, name: str, found: Application) -> str:
        """The version at the revision that Argo CD last compared with, and its word on that."""
        if not found.revision:
            return NONE
        if self._delivery.run.run(objects.resolve(self._branch.repo, found.revision)).code:
            return f"{found.revision[:12]} ({found.sync})"
        image = self._branch.state(self._branch.at(found.revision), name).image
        return f"{image.tag if image else NONE} ({found.sync})"

    def _running(self, name: str) -> str:
        """The versions of the front end's pods: several while one replaces the other."""
        answer = self._delivery.run.run(self._delivery.cluster(name).get_all("deployments.apps,pods"))
        images = running.images(json.loads(answer.stdout)["items"], self._delivery.config.app.name)
        return ", ".join(sorted({image.tag or str(image) for image in images})) or NONE


def _drift(found: Application) -> str:
    """The resources that differ, and the kinds of errors that keep Argo CD from comparing."""
    return ", ".join([*found.drift, *(error.partition(":")[0] for error in found.errors)]) or NONE


def _applications(context: DeliveryContext) -> dict[str, Application] | None:
    """By name; None if the cluster does not answer, or has no Argo CD."""
    try:
        answer = context.run.run(argo(context).applications())
    except CommandFailed:
        return None
    parsed = [argocd.parse(item) for item in json.loads(answer.stdout)["items"]]
    return {one.name: one for one in parsed}
