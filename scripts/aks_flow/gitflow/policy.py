"""Which versions an environment takes, on both paths, and the newest of them."""

import re
from collections.abc import Iterable

from aks_flow.core.config.errors import ConfigError
from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.version import Version

WORDS = {
    "any": "every version",
    "alpha": "versions of develop",
    "candidate": "release candidates and releases",
    "final": "releases",
}
_PRERELEASES = {
    "any": re.compile(".*"),
    "alpha": re.compile(r"alpha\.\d+"),
    "candidate": re.compile(r"(rc\.\d+)?"),
    "final": re.compile(""),
}


def admits(policy: str, version: Version) -> bool:
    """policy: one of `WORDS`; ConfigError for another word."""
    if policy not in _PRERELEASES:
        step = f"Choose one of: {', '.join(_PRERELEASES)}."
        raise ConfigError(f"`admits` knows no {policy!r}", where="invoke.yaml", next_step=step)
    return bool(_PRERELEASES[policy].fullmatch(version.prerelease))


def check(policy: str, version: Version, environment: str, otherwise: str = "") -> None:
    """AksFlowError unless the environment's policy admits the version. otherwise: another way there."""
    if not admits(policy, version):
        what = f"{environment} admits {WORDS[policy]}, and {version} is none of them"
        step = f"`admits` of {environment} in invoke.yaml says so."
        raise AksFlowError(what, next_step=otherwise or step)


def newest(tags: Iterable[str], policy: str) -> Version | None:
    """The highest version of committed work among a repository's tags that the policy admits."""
    versions = (version for version in _versions(tags) if not version.dirty)
    return max((version for version in versions if admits(policy, version)), default=None)


def _versions(tags: Iterable[str]) -> Iterable[Version]:
    for tag in tags:
        try:
            yield Version.parse(tag)
        except AksFlowError:
            continue
