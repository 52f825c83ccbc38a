"""The names of branches and tags: invoke.yaml's, those of git-flow's configuration, or GitFlow's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow.version import FEATURE, HOTFIX, RELEASE, Version
from aks_flow.tools.git import settings

_OWN_VERSION = re.compile(r"v?((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2})", re.ASCII)
BACK_MERGE = "back-merge"  # the prefix of a branch that brings a release's tag to develop by a pull request


@dataclass(frozen=True)
class Names:
    """The long-lived branches, the prefixes of the others, and the prefix of a release's tag."""

    main: str = "main"
    develop: str = "develop"
    feature: str = "feature/"
    release: str = "release/"
    hotfix: str = "hotfix/"
    tag: str = "v"

    def branch(self, kind: str, name: str) -> str:
        """kind: feature, release or hotfix."""
        return f"{getattr(self, kind)}{name}"

    def tag_of(self, version: Version) -> str:
        return f"{self.tag}{version}"

    def tagged_version(self, tag: str) -> Version | None:
        """The version that a tag names, None if it is no version."""
        try:
            return Version.parse(tag.removeprefix(self.tag)) if tag.startswith(self.tag) else None
        except AksFlowError:
            return None

    def kind(self, branch: str) -> str:
        """``main``, ``develop``, ``feature``, ``release``, ``hotfix``, or "" for any other branch."""
        if branch in (self.main, self.develop):
            return "main" if branch == self.main else "develop"
        kinds = (FEATURE, RELEASE, HOTFIX)
        return next((kind for kind in kinds if branch.startswith(getattr(self, kind))), "")

    def short(self, branch: str) -> str:
        """What a feature, a release or a hotfix is called behind its prefix."""
        return branch.removeprefix(getattr(self, self.kind(branch)))

    def own_version(self, branch: str) -> Version | None:
        """The version that a release or a hotfix is to become: X.Y.Z, if its name has one."""
        if self.kind(branch) not in (RELEASE, HOTFIX):
            return None
        match = _OWN_VERSION.fullmatch(self.short(branch))
        return Version.parse(match[1]) if match else None


def read_names(run: Runner, repo: Path, called: Mapping[str, str]) -> Names:
    """By role as in ``called``, which is invoke.yaml's `branches`: that is the same in every clone.

    What it leaves out is as git-flow has configured the repository, and else GitFlow's own.
    """
    values = settings.parse_matching(run.run(settings.matching(repo, "^gitflow\\.")).text)
    keys = {"main": "branch.master", "develop": "branch.develop", "tag": "prefix.versiontag"}
    keys |= {kind: f"prefix.{kind}" for kind in (FEATURE, RELEASE, HOTFIX)}
    configured = {name: values.get(f"gitflow.{key}") for name, key in keys.items()}
    return Names(**{name: value for name, value in configured.items() if value is not None} | dict(called))
