"""The repository on GitHub, OWNER/NAME: in a federated identity's subject, letter case counts."""

import os
import re

from aks_flow.core.config import Config
from aks_flow.core.runner import Runner
from aks_flow.tools.git import remotes

_GITHUB = re.compile(r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")


def repository(run: Runner, config: Config) -> str:
    """As configured, or the one whose workflow this is, or where `origin` is; "" if that is not GitHub."""
    stated = config.azure.github.repository or os.environ.get("GITHUB_REPOSITORY", "")
    return stated or repository_in(run.run(remotes.origin(config.root)).text.strip())


def repository_in(url: str) -> str:
    """OWNER/NAME of a git remote's address; "" if it is none of GitHub's."""
    match = _GITHUB.search(url)
    return match[1] if match else ""
