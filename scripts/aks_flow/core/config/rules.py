"""What must hold of the configuration beyond the types of its values."""

import re
from collections.abc import Iterator

from aks_flow.core.config import REHEARSAL, Config, app, azure, contract, secrets
from aks_flow.core.config.errors import CORRECT, ConfigFault, variable_of
from aks_flow.core.config.sections import CanarySettings, SmokeCheck
from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.names import COMMAND_INVOKE
from aks_flow.core.project import FILE


def check(config: Config) -> None:
    """ConfigFault for the first value that its type lets through and that cannot be meant."""
    if config.deadline < 1:
        raise ConfigFault("deadline", "must be at least 1 second")
    if config.lock.wait < 1:
        raise ConfigFault("lock.wait", "must be at least 1 second")
    _check_canary(config.canary)
    for name in ("api_port", "azure_port"):
        if not 0 < getattr(config.rehearsal, name) < 65536:
            raise ConfigFault(f"rehearsal.{name}", "must be a port, 1 to 65535")
    for at, smoke_check in enumerate(config.smoke):
        _check_smoke(f"smoke[{at}]", smoke_check)
    for path, what in _section_faults(config):
        raise ConfigFault(path, what)
    _check_targets(config)


def _section_faults(config: Config) -> Iterator[tuple[str, str]]:
    """(path, what is wrong) of what the sections say of themselves."""
    found = {
        "app": app.faults(config.app, config.images),
        "azure": azure.faults(config.azure),
        "contract": contract.faults(config.contract),
        "secrets": secrets.faults(config.secrets, config.environments),
    }
    for section, faults in found.items():
        yield from ((f"{section}.{path}", what) for path, what in faults)
    if config.smoke and not config.contract.service:
        yield "contract.service", "is missing: `smoke` is asked through it"
    for suite, commands in config.test.items():
        if not commands:
            yield f"test.{suite}", "must have at least one command"


def _check_targets(config: Config) -> None:
    if config.target not in config.targets:
        what = f"must be one of: {', '.join(config.targets)}, not {config.target!r}"
        raise ConfigFault("target", what, did_you_mean(config.target, config.targets, CORRECT))
    for name, target in config.targets.items():
        if target.via == COMMAND_INVOKE and (target.kubeconfig or target.context):
            what = "runs kubectl inside the cluster: `kubeconfig` and `context` must be empty"
            raise ConfigFault(f"targets.{name}.via", what)
        if name == REHEARSAL and not re.fullmatch("localhost:[0-9]+", target.registry):
            raise ConfigFault(f"targets.{name}.registry", f"must be localhost:PORT, not {target.registry!r}")
    if not config.destination.registry:
        own = config.destination.login == "azure"
        key = "azure.registry.name" if own else f"targets.{config.target}.registry"
        raise ConfigFault(
            key, "is empty, and a registry is needed", f"Set it in {FILE}, or set {variable_of(key)}."
        )


def _check_canary(canary: CanarySettings) -> None:
    rising = list(canary.steps) == sorted(set(canary.steps))
    if not canary.steps or not rising or not all(0 < step <= 100 for step in canary.steps):
        raise ConfigFault("canary.steps", "must be rising percentages, 1 to 100")
    if canary.seconds < 0:
        raise ConfigFault("canary.seconds", "must not be negative")


def _check_smoke(key: str, check: SmokeCheck) -> None:
    if not 100 <= check.status <= 599:
        raise ConfigFault(f"{key}.status", "must be an HTTP status, 100 to 599")
    if check.text and not 200 <= check.status <= 299:
        raise ConfigFault(f"{key}.text", "can be asked for with a status of 2xx only")
    if check.deadline < 1:
        raise ConfigFault(f"{key}.deadline", "must be at least 1 second")
