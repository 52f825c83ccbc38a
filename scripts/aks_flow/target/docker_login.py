"""The registry credentials that `docker login` stored, wherever it stored them."""

import json
from collections.abc import Mapping
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.target.registry import Credentials
from aks_flow.tools import docker


def folder(environment: Mapping[str, str]) -> Path:
    """Where docker keeps its configuration, for a program with these environment variables."""
    return Path(environment.get("DOCKER_CONFIG") or Path.home() / ".docker")


def credentials(run: Runner, host: str, folder: Path) -> Credentials | None:
    """What docker would use for ``host``: its config file's entry, or its credential helper's answer.

    folder: docker's configuration. None if nobody has logged in; AksFlowError if the file is malformed.
    """
    file = folder / "config.json"
    if not file.is_file():
        return None
    config = file.read_text()
    try:
        json.loads(config)
    except ValueError as error:
        raise AksFlowError(
            f"not JSON ({error})", where=str(file), next_step="Run `docker login` again."
        ) from error
    if stored := docker.stored_login(config, host):
        return Credentials(*stored)
    if helper := docker.credential_helper(config, host):
        answer = run.run(docker.ask_helper(helper, host))
        return Credentials(*docker.parse_helper(answer.text)) if answer.code == 0 else None
    return None
