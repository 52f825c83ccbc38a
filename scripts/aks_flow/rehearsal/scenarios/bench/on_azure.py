"""What Azure costs a push: the same one-line change pushed to the rehearsal's Azure and without it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios import app_change, clone_tasks, routes, workspace
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.bench.pairs import MeasuredPair
from aks_flow.rehearsal.scenarios.given_cluster import own_clone
from aks_flow.rehearsal.scenarios.given_cluster.renaming import Renaming
from aks_flow.rehearsal.scenarios.push_and_pull import applications, with_azure
from aks_flow.target.delivery import DeliveryContext

_MOST = 1.5
_NAMESPACE = "bench-azure"  # both targets are one cluster, so one of them needs a namespace of its own


def measure(context: DeliveryContext, runs: int) -> list[Figure]:
    """The ratio, and both sides in seconds; nothing if the configuration asks for what no stand-in plays."""
    try:
        with_azure.refuse_not_rehearsed(context.config)
    except AksFlowError:
        return []
    pair = MeasuredPair("push to Azure, one-line change", _MOST, "the same without Azure")
    beside = _without_azure(context)
    with _on_azure(context) as azure:
        for side in (azure, beside):
            side.push()
        for turn in range(runs):
            pair.tasks.append(azure.push_change(turn))
            pair.hands.append(beside.push_change(turn))
    return pair.figures


@dataclass(frozen=True)
class _Side:
    """repo: the clone that is pushed from. variables: what leads the task to its target."""

    context: DeliveryContext
    repo: Path
    variables: Mapping[str, str]

    def push(self) -> None:
        """`./inv push`."""
        words = ("push", "--env", routes.pushed_to(self.context.config))
        self.context.run.run(clone_tasks.task(self.repo, *words).with_env(**self.variables))

    def push_change(self, turn: int) -> float:
        """Commit a change and push it; the seconds of the push."""
        text = f"{app_change.fresh_text()}, {turn}"
        workspace.change(self.context.run, self.context.config, self.repo, text)
        return seconds(self.push)


def _without_azure(context: DeliveryContext) -> _Side:
    repo = workspace.clone(context.run, context.config)
    applications.remove(context, routes.pushed_to(context.config))
    return _Side(context, repo, clone_tasks.variables(context.config, repo))


@contextmanager
def _on_azure(context: DeliveryContext) -> Iterator[_Side]:
    """Inside the block there are a registry, a cluster and a vault, and the sign-ins to them."""
    config = context.config
    environment = routes.pushed_to(config)
    repo = own_clone.make(
        context, Renaming({config.environment(environment).namespace: _NAMESPACE}, _NAMESPACE)
    )
    with _own_environment() as before:
        settings = with_azure.prepare(alone(config, environment), context.steps, lambda text: None)
        reached = with_azure.provision(settings, context.steps)
        access = {name: text for name, text in os.environ.items() if before.get(name) != text}
    own = {f"INVOKE_ENVIRONMENTS_{environment.upper()}_NAMESPACE": _NAMESPACE}
    try:
        yield _Side(context, repo, access | variables(settings) | own)
    finally:
        with _own_environment():
            os.environ.update(access)
            with_azure.empty(reached)
            with_azure.remove(settings, context.steps)


def alone(config: Config, environment: str) -> Config:
    """With this environment alone, in bench's namespace: each one more costs a minute of az."""
    own = replace(config.environments[environment], namespace=_NAMESPACE)
    github = replace(config.azure.github, environments={})
    azure = replace(config.azure, github=github)
    return replace(config, environments={environment: own}, azure=azure)


@contextmanager
def _own_environment() -> Iterator[Mapping[str, str]]:
    """What the block sets in this process's environment is taken back; the environment as it was."""
    before = dict(os.environ)
    try:
        yield before
    finally:
        os.environ.clear()
        os.environ.update(before)


def variables(config: Config) -> dict[str, str]:
    """What sends a delivery of a clone's project to the configuration's Azure."""
    azure, target = config.azure, config.destination
    settings = {
        "TARGET": config.target,
        **{"AZURE_SUBSCRIPTION": azure.subscription, "AZURE_TENANT": azure.tenant, "AZURE_HOME": azure.home},
        **{"AZURE_REGISTRY_NAME": azure.registry.name, "AZURE_VAULT": azure.vault},
    }
    named = {"REGISTRY": target.registry, "KUBECONFIG": target.kubeconfig}
    settings |= {f"TARGETS_{config.target.upper()}_{name}": text for name, text in named.items()}
    return {f"INVOKE_{name}": text for name, text in settings.items()}
