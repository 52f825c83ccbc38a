"""The repository on GitHub, OWNER/NAME: in a federated identity's subject, letter case counts."""

import os
import re

from aks_flow.core.config import Config
from aks_flow.core.runner import Runner
from aks_flow.tools.git import worktree

_GITHUB = re.compile(r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")


def repository(run: Runner, config: Config) -> str:
    """As configured, or the one whose workflow this is, or where `origin` is; "" if that is not GitHub."""
    known = config.azure.github.repository or os.environ.get("GITHUB_REPOSITORY", "")
    return known or named(run.run(worktree.origin(config.root)).text.strip())


def named(url: str) -> str:
    found = _GITHUB.search(url)
    return found[1] if found else ""
