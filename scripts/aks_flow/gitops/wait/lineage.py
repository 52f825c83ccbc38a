"""How the revision that Argo CD compares with stands to the commit that is waited for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import ancestry
from aks_flow.gitops.branch.branch import Branch

HERE, BEHIND, REPLACED = "here", "behind", "replaced"


@dataclass(frozen=True)
class Goal:
    """A commit of the branch, and the pin that it holds for an environment."""

    environment: str
    commit: str
    image: ImageRef


@dataclass(frozen=True)
class Lineage:
    """HERE: the goal, or a descendant that holds its pin. REPLACED: a descendant with the pin ``image``."""

    kind: str
    image: ImageRef | None = None


def tracer(branch: Branch, goal: Goal) -> Callable[[str], Lineage]:
    """revision -> Lineage; each revision is looked up once."""
    return cache(partial(_trace, branch, goal))


def _trace(branch: Branch, goal: Goal, revision: str) -> Lineage:
    if revision == goal.commit:
        return Lineage(HERE)
    if not _known(branch, revision) or not _descends(branch, goal.commit, revision):
        return Lineage(BEHIND)
    image = branch.state(branch.at(revision), goal.environment).image
    return Lineage(HERE) if image == goal.image else Lineage(REPLACED, image)


def _known(branch: Branch, revision: str) -> bool:
    """Whether the revision is here, once the branch was fetched: Argo CD may have seen a newer commit."""
    if not ancestry.knows(branch.run, branch.repo, revision):
        branch.tip()
    return ancestry.knows(branch.run, branch.repo, revision)


def _descends(branch: Branch, old: str, new: str) -> bool:
    return ancestry.contains(branch.run, branch.repo, new, old)
