"""A manifest taken apart: the app's Deployment, what refers to it, and the rest."""

from collections.abc import Iterable
from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.manifests.sync_waves import ManifestDocument, together
from aks_flow.push.strategy import references, twins


@dataclass(frozen=True)
class ManifestParts:
    """services: those that select the Deployment's pods. scalers: what sets its replicas. rest: all else."""

    deployment: dict
    services: tuple[dict, ...]
    scalers: tuple[dict, ...]
    rest: str

    def replicas(self, live: dict) -> int:
        """How many pods the app is to have: what the manifest says, or what an autoscaler has made of it."""
        return self.deployment["spec"].get("replicas", live["spec"].get("replicas", 1))

    def has_service(self, name: str) -> bool:
        return any(service["metadata"]["name"] == name for service in self.services)


def split(documents: Iterable[ManifestDocument], app: str) -> ManifestParts:
    """AksFlowError if the manifest has no Deployment of the app's name, or has one of a twin's name."""
    every = list(documents)
    own = next((document for document in every if _is_deployment(document, app)), None)
    if own is None:
        step = "Deliver it with `--strategy rolling`."
        raise AksFlowError(f"a canary or a green needs a Deployment {app}, and there is none", next_step=step)
    _check_names(every, app)
    services = [document for document in every if references.selects(document.object, own.object)]
    scalers = [document for document in every if references.scales(document.object, own.object)]
    apart = [own, *services, *scalers]
    rest = together(document for document in every if document not in apart)
    return ManifestParts(own.object, _objects(services), _objects(scalers), rest)


def _check_names(documents: list[ManifestDocument], app: str) -> None:
    for name in (twins.name(app, track) for track in twins.TRACKS):
        if any(_is_deployment(document, name) for document in documents):
            step = "Deliver it with `--strategy rolling`, or call that Deployment otherwise."
            what = f"a canary or a green would take the name of the manifests' own Deployment {name}"
            raise AksFlowError(what, next_step=step)


def _is_deployment(document: ManifestDocument, name: str) -> bool:
    item = document.object
    return (item["kind"], item["metadata"].get("name")) == ("Deployment", name)


def _objects(documents: list[ManifestDocument]) -> tuple[dict, ...]:
    return tuple(document.object for document in documents)
