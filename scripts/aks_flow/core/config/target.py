"""The section `targets` of invoke.yaml: where deliveries go."""

from dataclasses import dataclass
from typing import Annotated

from aks_flow.core import image_ref, names
from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.names import EMPTY

Login = Annotated[str, names.one_of("docker", "azure")]


@dataclass(frozen=True)
class Target:
    """A registry, a cluster, and the git repository that Argo CD reads.

    ``registry`` is host[:port][/path]; ``repository`` a path or URL, "" for the remote ``origin``; an empty
    ``kubeconfig`` or ``context`` means kubectl's own choice. ``login``: who gives the credentials, ``docker``
    (what `docker login` stored) or ``azure``. ``via``: where kubectl runs: "" here, ``user@host[:port]`` on a
    jump host (``kubeconfig`` is a file there), ``command-invoke`` inside the cluster. ``azure``: the section
    of that name as this target has it; of a loaded configuration never None.
    """

    registry: Annotated[image_ref.RegistryPath, EMPTY]
    kubeconfig: Annotated[names.File, EMPTY] = ""
    context: Annotated[names.Context, EMPTY] = ""
    repository: Annotated[names.Repository, EMPTY] = ""
    login: Login = "docker"
    via: Annotated[names.Via, EMPTY] = ""
    azure: AzureSettings | None = None

    @property
    def registry_host(self) -> str:
        """host[:port] of the registry, without the path."""
        return self.registry.partition("/")[0]
