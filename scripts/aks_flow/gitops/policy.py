"""Which versions an environment takes by itself, and the newest of them."""

import re
from collections.abc import Iterable

from aks_flow.core.config.errors import ConfigError
from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.version import Version

_CANDIDATE = re.compile(r"(rc\.\d+)?")
_FINAL = re.compile(r"")
_COMMITTED = re.compile(r"(?!.*\.dirty\.).*")  # a dirty work tree's manifests are in no commit
WORDS = {
    "any": "versions of committed work",
    "candidate": "release candidates and releases",
    "final": "releases",
}
_ADMITTED = {"any": _COMMITTED, "candidate": _CANDIDATE, "final": _FINAL}


def admits(policy: str, version: Version) -> bool:
    """policy: ``any``, ``candidate`` (rc and final) or ``final``; ConfigError for another word."""
    if policy not in _ADMITTED:
        step = f"Choose one of: {', '.join(_ADMITTED)}."
        raise ConfigError(f"`admits` knows no {policy!r}", where="invoke.yaml", next_step=step)
    return bool(_ADMITTED[policy].fullmatch(version.prerelease))


def newest(tags: Iterable[str], policy: str) -> Version | None:
    """The highest version among a repository's tags that the policy admits; other tags do not count."""
    return max((version for version in _versions(tags) if admits(policy, version)), default=None)


def _versions(tags: Iterable[str]) -> Iterable[Version]:
    for tag in tags:
        try:
            yield Version.parse(tag)
        except AksFlowError:
            continue
