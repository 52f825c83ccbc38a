"""The repository on GitHub, OWNER/NAME: in a federated identity's subject, letter case counts."""

import os
import re

from scripts.config import Config
from scripts.runner import Runner
from scripts.tools import git

_GITHUB = re.compile(r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")


def repository(run: Runner, config: Config) -> str:
    """As configured, or the one whose workflow this is, or where `origin` is; "" if that is not GitHub."""
    known = config.azure.github.repository or os.environ.get("GITHUB_REPOSITORY", "")
    return known or named(run.run(git.origin(config.root)).text.strip())


def named(url: str) -> str:
    found = _GITHUB.search(url)
    return found[1] if found else ""
