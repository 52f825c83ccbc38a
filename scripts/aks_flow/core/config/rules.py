"""What must hold of the configuration beyond the types of its values."""

import re
from collections.abc import Iterator, Mapping

from aks_flow.core.config import (
    REHEARSAL,
    Config,
    app,
    azure,
    branches,
    contract,
    gates,
    previews,
    rehearsal,
    render,
    secrets,
)
from aks_flow.core.config.errors import CORRECT, ConfigFault
from aks_flow.core.config.render import KUSTOMIZE
from aks_flow.core.config.sections import CanarySettings, SmokeCheck, ThirdPartyImage
from aks_flow.core.config.target import Target
from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.image_ref import in_full
from aks_flow.core.names import COMMAND_INVOKE


def check(config: Config) -> None:
    """ConfigFault for the first value that its type lets through and that cannot be meant."""
    if config.deadline < 1:
        raise ConfigFault("deadline", "must be at least 1 second")
    if config.lock.wait < 1:
        raise ConfigFault("lock.wait", "must be at least 1 second")
    _check_canary(config.canary)
    for at, smoke_check in enumerate(config.smoke):
        _check_smoke(f"smoke[{at}]", smoke_check)
    for path, what in _section_faults(config):
        raise ConfigFault(path, what)
    _check_targets(config)
    config.at(config.target).check_registry()


def _section_faults(config: Config) -> Iterator[tuple[str, str]]:
    """(path, what is wrong) of what the sections say of themselves."""
    found = {
        "app": app.faults(config.app, config.images),
        "azure": azure.faults(config.azure),
        "branches": branches.faults(config.branches),
        "contract": contract.faults(config.contract),
        "secrets": secrets.faults(config.secrets, config.environments),
        "rehearsal": rehearsal.faults(config.rehearsal),
    }
    for section, faults in found.items():
        yield from ((f"{section}.{path}", what) for path, what in faults)
    yield from _shared_copies(config.images)
    images = {*config.app.built_images, *config.images}
    places = {f"environments.{name}": item for name, item in config.environments.items()}
    places |= {"previews": config.previews}
    yield from render.faults(config.app.render, config.app.manifests, images, places)
    yield from gates.faults(config.environments)
    yield from previews.faults(config.previews, config.environments)
    for name, secret in config.secrets.items():
        if secret.component and config.app.render.kind != KUSTOMIZE:
            yield f"secrets.{name}.component", "is for kustomize: nothing else has components"
    for name, purpose in config.azure.github.environments.items():
        if purpose == azure.UNDO_PURPOSE and name.removesuffix(azure.UNDO) not in config.environments:
            yield (
                f"azure.github.environments.{name}",
                f"must be the name of an environment and `{azure.UNDO}`",
            )
    if config.smoke and not config.contract.service:
        yield "contract.service", "is missing: `smoke` is asked through it"
    for suite, commands in config.test.items():
        if not commands:
            yield f"test.{suite}", "must have at least one command"


def _shared_copies(images: Mapping[str, ThirdPartyImage]) -> Iterator[tuple[str, str]]:
    """A copy is called by the last part of its source's name, and by its tag: none other may be."""
    seen: dict[str, tuple[str, str]] = {}
    for name, source in ((name, in_full(image.source)) for name, image in images.items()):
        copy = f"{source.repository.rpartition('/')[2]}:{source.tag or 'latest'}"
        other, called = seen.setdefault(f"{copy}@{source.digest}", (name, source.name))
        if called != source.name and not source.digest:
            what = f"has the same copy, {copy}, as images.{other}: pin one by its digest"
            yield f"images.{name}.source", what


def _check_targets(config: Config) -> None:
    _check_target("target", config.target, config)
    for name, environment in config.environments.items():
        _check_target(f"environments.{name}.target", environment.target, config)
    for name, target in config.targets.items():
        if target.via == COMMAND_INVOKE and (target.kubeconfig or target.context):
            what = "runs kubectl inside the cluster: `kubeconfig` and `context` must be empty"
            raise ConfigFault(f"targets.{name}.via", what)
        if name == REHEARSAL and not re.fullmatch("localhost:[0-9]+", target.registry):
            raise ConfigFault(f"targets.{name}.registry", f"must be localhost:PORT, not {target.registry!r}")
        for path, what in azure.faults(target.azure):
            raise ConfigFault(f"targets.{name}.azure.{path}", what)
    _check_kubeconfigs(config.targets)


def _check_kubeconfigs(targets: Mapping[str, Target]) -> None:
    """A sign-in writes its cluster's kubeconfig: two of them must not share a file."""
    files: dict[str, str] = {}
    for name, target in targets.items():
        if target.login == "azure" and target.kubeconfig:
            other = files.setdefault(target.kubeconfig, name)
            if targets[other].azure != target.azure:
                what = f"is that of targets.{other}, whose cluster is another one"
                raise ConfigFault(f"targets.{name}.kubeconfig", what)


def _check_target(key: str, name: str, config: Config) -> None:
    if name not in config.targets:
        what = f"must be one of: {', '.join(config.targets)}, not {name!r}"
        raise ConfigFault(key, what, did_you_mean(name, config.targets, CORRECT))


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
