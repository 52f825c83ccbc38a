"""The configuration: invoke.yaml as frozen values. `load` makes them, checked whole before the first command.

sections, app, contract, secrets, checks, previews, target, azure and rehearsal: the values, a class for each.
schema: one of these from plain data. rules: what no single value shows. errors: ConfigError, with the path.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from aks_flow.core import image_ref, names
from aks_flow.core.config import previews
from aks_flow.core.config.app import App
from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.config.branches import BranchPart, BranchRole
from aks_flow.core.config.checks import CheckSettings
from aks_flow.core.config.contract import Contract
from aks_flow.core.config.errors import ConfigError, ConfigFault, variable_of
from aks_flow.core.config.previews import PreviewSettings
from aks_flow.core.config.rehearsal import RehearsalSettings
from aks_flow.core.config.secrets import GENERATED, VAULT, ProjectSecret
from aks_flow.core.config.sections import (
    DELETE,
    CanarySettings,
    Environment,
    GitOpsSettings,
    LockSettings,
    Removed,
    SmokeCheck,
    ThirdPartyImage,
)
from aks_flow.core.config.target import Target
from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.project import FILE

REHEARSAL = "rehearsal"  # the target that is made on this machine


@dataclass(frozen=True)
class Config:
    """All of invoke.yaml.

    root: the folder that holds it, and the repository's top. target: the one that images are published to,
    and that environments have unless they name another; in what `of` gives it is the environment's.
    removed: what a push does with that which has left the manifests. attested_by: the repository (OWNER/NAME)
    whose workflows must have published what is delivered, "" if nobody asks. lint,
    test: the project's own commands, those of the tests by the suite's name.
    """

    root: Path
    target: str
    app: App
    images: dict[image_ref.Repository, ThirdPartyImage]
    environments: dict[names.Label, Environment]
    deadline: int
    lock: LockSettings
    canary: CanarySettings
    azure: AzureSettings  # before the targets, which are compared with it
    targets: dict[names.Word, Target]
    gitops: GitOpsSettings
    rehearsal: RehearsalSettings
    contract: Contract = Contract()
    smoke: tuple[SmokeCheck, ...] = ()
    branches: dict[BranchRole, BranchPart] = field(default_factory=dict)
    removed: Removed = DELETE
    attested_by: Annotated[names.OwnerAndName, names.EMPTY] = ""
    secrets: dict[names.ObjectName, ProjectSecret] = field(default_factory=dict)
    checks: CheckSettings = CheckSettings()
    previews: PreviewSettings = PreviewSettings()
    lint: tuple[names.CommandLine, ...] = ()
    test: dict[names.Word, tuple[names.CommandLine, ...]] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        """The folder of everything that the rehearsal makes."""
        return self.root / ".rehearsal"

    @property
    def registry_port(self) -> int:
        """The port of the rehearsal's own registry."""
        return int(self.targets[REHEARSAL].registry.rpartition(":")[2])

    @property
    def destination(self) -> Target:
        """The chosen target, its paths absolute (relative ones start at ``root``, but not on a jump host)."""
        target = self.targets[self.target]
        return replace(
            target,
            registry=target.registry or self._own_registry(target),
            kubeconfig=target.kubeconfig if target.via else self._absolute(target.kubeconfig),
            repository=self._absolute(target.repository)
            if names.is_local(target.repository)
            else target.repository,
        )

    def _own_registry(self, target: Target) -> str:
        """Where Azure puts the registry that the section `azure` names; "" if it names none."""
        name = self.azure.registry.name
        return f"{name.lower()}.azurecr.io" if target.login == "azure" and name else ""

    @property
    def vault(self) -> str:
        """The Key Vault that Secrets come from at this target, "" if it has none."""
        return self.azure.vault if self.destination.login == "azure" else ""

    def secrets_from(self, source: str) -> dict[str, ProjectSecret]:
        """The Secrets that are ``generated``, ``existing`` or the ``vault``'s at this target, by name."""
        instead = {} if self.vault else {VAULT: GENERATED}
        return {
            name: secret
            for name, secret in self.secrets.items()
            if instead.get(secret.from_, secret.from_) == source
        }

    @property
    def vault_secrets(self) -> dict[str, ProjectSecret]:
        """The Secrets that a vault is to hold where there is one, by name."""
        return {name: secret for name, secret in self.secrets.items() if secret.from_ == VAULT}

    @property
    def components(self) -> tuple[str, ...]:
        """What the target adds to every overlay: folders of the manifests' components/."""
        named = (secret.component for secret in self.secrets_from(VAULT).values())
        return tuple(dict.fromkeys(component for component in named if component))

    @property
    def azure_home(self) -> Path:
        """The folder of the run's own sign-ins to Azure, registry and cluster."""
        return Path(self._absolute(self.azure.home))

    def _absolute(self, path: str) -> str:
        return str(self.root / Path(path).expanduser()) if path else ""

    def environment(self, name: str) -> Environment:
        """A configured environment; ConfigError with the nearest name if there is none of this name."""
        if name not in self.environments:
            known = ", ".join(self.environments)
            what = f"there is no environment {name!r}; there are {known}"
            raise ConfigError(what, next_step=did_you_mean(name, self.environments, "Choose one of them."))
        return self.environments[name]

    @property
    def environments_here(self) -> dict[names.Label, Environment]:
        """The environments whose target is the chosen one, by name."""
        return {name: item for name, item in self.environments.items() if item.target == self.target}

    def of(self, environment: str) -> "Config":
        """The configuration at an environment's target.

        ConfigError if there is no such environment, or if its target has no registry.
        """
        here = self.at(self.environment(environment).target)
        try:
            here.check_registry()
        except ConfigFault as fault:
            raise fault.error(()) from None
        return here

    def wholly_at(self, target: str) -> "Config":
        """The configuration with a target that all environments have, whichever they name."""
        environments = {name: replace(item, target=target) for name, item in self.environments.items()}
        return replace(self.at(target), environments=environments)

    def at(self, target: str) -> "Config":
        """The configuration at another target, which is there."""
        return replace(self, target=target, azure=self.targets[target].azure)

    def with_preview(self, number: int) -> "Config":
        """The configuration with one environment more, a pull request's; ConfigError if they get none.

        No vault has its Secrets: they are generated.
        """
        if not self.previews.namespace:
            step = f"Set previews.namespace in {FILE} to how the names of their namespaces are to begin."
            raise ConfigError("pull requests get no previews in this project", next_step=step)
        preview = self.previews.environment(number, self.target)
        targets = {name: _without_vault(target) for name, target in self.targets.items()}
        environments = {**self.environments, previews.name(number): preview}
        return replace(self, environments=environments, targets=targets, azure=targets[self.target].azure)

    def check_registry(self) -> None:
        """ConfigFault unless the target names one; only one that is in use has to."""
        if self.destination.registry:
            return
        key = f"targets.{self.target}.registry"
        if self.destination.login == "azure":
            of_its_own = any(target.azure != self.azure for target in self.targets.values())
            key = f"{f'targets.{self.target}.azure' if of_its_own else 'azure'}.registry.name"
        step = f"Set it in {FILE}, or set {variable_of(key)}."
        raise ConfigFault(key, "is empty, and a registry is needed", step)


def _without_vault(target: Target) -> Target:
    return replace(target, azure=replace(target.azure, vault=""))
