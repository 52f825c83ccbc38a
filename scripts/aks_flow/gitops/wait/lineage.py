"""How the revision that Argo CD compares with stands to the commit that is awaited."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import ancestry
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit

REACHED, BEHIND, REPLACED = "reached", "behind", "replaced"


@dataclass(frozen=True)
class Lineage:
    """REACHED: the awaited commit, or a descendant with its pin. REPLACED: a descendant with another one.

    image: the other pin, None if the descendant has none.
    """

    kind: str
    image: ImageRef | None = None


def tracer(branch: Branch, awaited: AwaitedCommit) -> Callable[[str], Lineage]:
    """A function from a revision to its Lineage; each revision is looked up once."""
    return cache(partial(_trace, branch, awaited))


def _trace(branch: Branch, awaited: AwaitedCommit, revision: str) -> Lineage:
    if revision == awaited.commit:
        return Lineage(REACHED)
    if not is_known(branch, revision):
        return Lineage(BEHIND)
    if not ancestry.contains(branch.run, branch.repo, revision, awaited.commit):
        return Lineage(BEHIND)
    image = branch.state(branch.tip_at(revision), awaited.environment).image
    return Lineage(REACHED) if image == awaited.image else Lineage(REPLACED, image)


def is_known(branch: Branch, revision: str) -> bool:
    """Whether the revision is here; if not, the branch is fetched: Argo CD may have seen a newer commit."""
    if not ancestry.knows(branch.run, branch.repo, revision):
        branch.tip()
    return ancestry.knows(branch.run, branch.repo, revision)
