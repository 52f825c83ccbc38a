"""Who runs this, as commit messages, locks and histories name them."""

import getpass
import socket
from collections.abc import Mapping


def name(variables: Mapping[str, str]) -> str:
    """Whoever started the workflow's run, or ``user@machine``."""
    return variables.get("GITHUB_ACTOR") or f"{_user()}@{socket.gethostname()}"


def run_url(variables: Mapping[str, str]) -> str:
    """The workflow run's address as GitHub Actions' variables give it, or ""."""
    parts = [variables.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    return f"{parts[0]}/{parts[1]}/actions/runs/{parts[2]}" if all(parts) else ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "somebody"
