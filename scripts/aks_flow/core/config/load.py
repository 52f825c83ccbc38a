"""invoke.yaml -> `Config`."""

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

from aks_flow.core.config import Config, rules, schema
from aks_flow.core.config.errors import ConfigFault


def load(data: Mapping[str, Any], root: Path, variables: Container[str] = ()) -> Config:
    """Invoke's merged configuration (without Invoke's own keys) -> Config; ConfigError on the first fault.

    variables: the names of those that are set; one that set the wrong value is named instead of the file.
    """
    try:
        config = schema.read({**data, "root": root}, Config, "")
        rules.check(config)
    except ConfigFault as fault:
        raise fault.error(variables) from None
    return config
