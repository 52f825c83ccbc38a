"""What a project is to be: every question's answer, checked as invoke.yaml's values are."""

from dataclasses import dataclass, field

from aks_flow.adopt.package import Package
from aks_flow.adopt.survey.dockerfiles import Dockerfile
from aks_flow.adopt.survey.layout import Layout
from aks_flow.adopt.survey.pods import Answering
from aks_flow.core.config.checks import RESTRICTED, AcceptedRule
from aks_flow.core.config.rehearsal import RehearsedChange
from aks_flow.core.config.render import KUSTOMIZE


@dataclass(frozen=True)
class BuiltImage:
    """An image that is built here.

    name: in invoke.yaml and in the registry. mention: what the manifests call it. bases: the entries of
    `images` that its build arguments are given. key: in Helm's values.
    """

    name: str
    mention: str
    dockerfile: Dockerfile
    bases: dict[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True)
class OtherImage:
    """An image that others publish.

    packages: Debian's that can replace it. mention: what the manifests call it, with its tag; "" if something
    is built from it and it does not run itself. key: in Helm's values.
    """

    name: str
    source: str
    packages: tuple[str, ...] = ()
    mention: str = ""
    key: str = ""


@dataclass(frozen=True)
class NewEnvironment:
    """An environment. has: what of it the repository has already: an overlay's folder, or Helm's values.

    overlay: the folder of its overlay, values: its files of Helm's values; as invoke.yaml has them.
    """

    name: str
    namespace: str
    admits: str
    branches: tuple[str, ...]
    has: str = ""
    overlay: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdoptedSecret:
    """A Secret that the manifests refer to. source: generated, existing or vault."""

    keys: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Answers:
    """All that is written follows from these.

    name: of the project. answering: which Deployment stands for the app, and how it is asked. version_path:
    where it tells its version as JSON, "" if it does not. lint, test: the team's own commands, if they are
    known. change: the line that a rehearsal changes, None if it adds a file of its own. policy: how hardened
    the pods are. accepted: what is found nevertheless. preview: that of pull requests, without the number;
    None if they get none. whole_secrets: those of which pods take all keys, which nothing names.
    calling_otherwise: the environments that have the Deployment that answers, or its Service, by another
    name. blocking_jobs: as of `jobs.blocking_jobs`.
    """

    name: str
    layout: Layout
    answering: Answering
    version_path: str
    built: tuple[BuiltImage, ...]
    others: tuple[OtherImage, ...]
    environments: tuple[NewEnvironment, ...]
    secrets: dict[str, AdoptedSecret]
    branches: dict[str, str]
    lint: tuple[str, ...]
    test: tuple[str, ...]
    change: RehearsedChange | None
    package: Package
    policy: str = RESTRICTED
    accepted: tuple[AcceptedRule, ...] = ()
    preview: NewEnvironment | None = None
    whole_secrets: tuple[str, ...] = ()
    calling_otherwise: tuple[str, ...] = ()
    blocking_jobs: tuple[str, ...] = ()

    def host_prefix(self, environment: NewEnvironment) -> str:
        """What stands before an environment's own hosts; "" for the last one, which keeps the manifests'."""
        return "" if environment == self.environments[-1] else environment.name

    @property
    def applications(self) -> str:
        """The folder of Argo CD's objects: apart from what is delivered whole."""
        return (
            f"{self.layout.folder}/argocd".removeprefix("./") if self.layout.kind == KUSTOMIZE else "argocd"
        )
