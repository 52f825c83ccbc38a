"""The sections of invoke.yaml as frozen values, but for `app`, `targets` and `azure`, which have modules."""

from dataclasses import dataclass
from typing import Annotated

from aks_flow.core import image_ref, names
from aks_flow.core.config.gates import Gates
from aks_flow.core.names import EMPTY

DELETE, KEEP = "delete", "keep"
Removed = Annotated[str, names.one_of(DELETE, KEEP)]
Admits = Annotated[str, names.one_of("any", "alpha", "candidate", "final")]


@dataclass(frozen=True)
class ThirdPartyImage:
    """An image that others publish: where it comes from, and the Debian packages that can replace it."""

    source: image_ref.Reference
    packages: tuple[names.Package, ...] = ()


@dataclass(frozen=True)
class Environment:
    """One place the app runs. Its Argo CD Application has the namespace's name.

    admits: which versions are delivered here: ``any``, ``alpha`` (develop's), ``candidate`` (rc and final)
    or ``final``. branches: those that reach it, as patterns. target: a name under `targets`; of a loaded
    configuration never "". overlay: its own folder in the manifests, "" for the usual one. values: files of
    Helm values, behind those of `app.render.values`. tolerate: "until-deadline" if workloads wait by failing.
    gates: what the pull path asks for besides.
    """

    namespace: names.Label
    admits: Admits
    branches: tuple[names.BranchPattern, ...] = ()
    target: Annotated[names.Word, EMPTY] = ""
    overlay: Annotated[names.Folder, EMPTY] = ""
    values: tuple[names.ProjectFile, ...] = ()
    tolerate: Annotated[str, names.one_of("", "until-deadline")] = ""
    gates: Gates = Gates()


@dataclass(frozen=True)
class GitOpsSettings:
    """The branch that CI writes and Argo CD reads, and the namespace of the Application objects.

    applications: the folder of these objects' files, "" for ``argocd`` in the manifests' folder.
    """

    branch: names.Branch
    namespace: names.Label
    applications: Annotated[names.Folder, EMPTY] = ""


@dataclass(frozen=True)
class LockSettings:
    """How long a delivery waits for others to end theirs to the same environment, in seconds."""

    wait: int


@dataclass(frozen=True)
class SmokeCheck:
    """An HTTP check through the app's Service: GET ``path`` answers ``status``, with ``text`` in its body.

    deadline: seconds that it may take to come true.
    """

    path: names.HttpPath
    status: int = 200
    text: str = ""
    deadline: int = 15


@dataclass(frozen=True)
class CanarySettings:
    """steps: the canary's pods at each step, in percent of the old version's.

    seconds: how long each step is observed.
    """

    steps: tuple[int, ...]
    seconds: int
