"""invoke.yaml -> `Config`."""

from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aks_flow.core.config import REHEARSAL, Config, rules, schema
from aks_flow.core.config.errors import ConfigFault
from aks_flow.core.config.target import Target


def load(data: Mapping[str, Any], root: Path, variables: Container[str] = ()) -> Config:
    """Invoke's merged configuration (without Invoke's own keys) -> Config; ConfigError on the first fault.

    variables: the names of those that are set; one that set the wrong value is named instead of the file. A
    rehearsal reaches nothing but this machine: while it is the target, it is that of all environments.
    """
    try:
        config = _settled(schema.read({**_with_azure(data), "root": root}, Config, ""))
        rules.check(config)
    except ConfigFault as fault:
        raise fault.error(variables) from None
    return config.wholly_at(REHEARSAL) if config.target == REHEARSAL else config.at(config.target)


def _with_azure(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data in which a target's own `azure` holds all that the section of this name has besides.

    Two targets have sign-ins of their own: unless it names another, its `home` is a folder in the section's.
    """
    common, targets = data.get("azure"), data.get("targets")
    if not (isinstance(common, dict) and isinstance(targets, Mapping)):
        return dict(data)
    complete = {
        name: {**target, "azure": _merged(common | {"home": f"{common.get('home')}/{name}"}, target["azure"])}
        for name, target in targets.items()
        if isinstance(target, Mapping) and isinstance(target.get("azure"), Mapping)
    }
    return {**data, "targets": {**targets, **complete}}


def _merged(common: Mapping, own: Mapping) -> dict:
    both = dict(own)
    for key, value in common.items():
        mine = own.get(key, value)
        both[key] = _merged(value, mine) if isinstance(value, Mapping) and isinstance(mine, Mapping) else mine
    return both


def _settled(config: Config) -> Config:
    """With what environments and targets leave out: the target, the section `azure`."""
    environments = {
        name: replace(environment, target=environment.target or config.target)
        for name, environment in config.environments.items()
    }
    targets = {name: _with(target, config) for name, target in config.targets.items()}
    return replace(config, environments=environments, targets=targets)


def _with(target: Target, config: Config) -> Target:
    return replace(target, azure=target.azure or config.azure)
