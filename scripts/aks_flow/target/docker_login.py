"""The registry credentials that `docker login` stored, wherever it stored them."""

import json
import os
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.target.registry import Credentials
from aks_flow.tools import docker


def credentials(run: Runner, host: str) -> Credentials | None:
    """What docker would use for ``host``: its config file's entry, or its credential helper's answer."""
    file = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "config.json"
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
