"""The source commit of a version: the commit whose manifests go with its image."""

import re

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import ancestry, source
from aks_flow.gitflow.names import read_names
from aks_flow.gitops.branch.branch import Branch
from aks_flow.image import bring
from aks_flow.image.names import REVISION, VERSION, labels
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import remotes

_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def source_commit_of(context: DeliveryContext, branch: Branch, image: ImageRef) -> str:
    """The commit that is ``image``'s version: HEAD, the tag vX.Y.Z, or what the image's labels name.

    An image can have more versions than the one that it was built for, since a commit that leaves the app
    alone builds nothing; its labels name that one only. AksFlowError if no commit here is the version.
    """
    commit = _head(context, branch, image.tag) or _tagged(context, branch, image.tag)
    if commit:
        return commit
    where = context.home if context.dry else context  # nothing is copied by a dry run
    for member in bring.named(where, image).members:
        named = labels(where.registry, member)
        if named.get(VERSION) == image.tag and is_here(branch, named.get(REVISION, "")):
            return named[REVISION]
    what = f"no commit here is version {image.tag}, so its manifests are unknown: it has no tag"
    what += f", and its image no labels {VERSION} and {REVISION} of a commit here"
    step = f"Fetch and check out the commit that is {image.tag}, then run the same command again."
    raise AksFlowError(what, where=str(branch.repo), next_step=step)


def _tagged(context: DeliveryContext, branch: Branch, version: str) -> str:
    names = read_names(context.run, branch.repo, context.config.branches)
    return ancestry.commit_of(branch.run, branch.repo, f"refs/tags/{names.tag}{version}")


def is_here(branch: Branch, commit: str) -> bool:
    """Whether the source commit is in the repository; if not, the remotes are asked for it first."""
    if not _HASH.fullmatch(commit):
        return False
    return ancestry.knows(branch.run, branch.repo, commit) or _fetched(branch, commit)


def _head(context: DeliveryContext, branch: Branch, version: str) -> str:
    head = source.read(context.run, branch.repo, context.config.branches, allow_dirty=True)
    committed = str(head.version).partition(".dirty.")[0]
    return head.commit if committed == version else ""


def _fetched(branch: Branch, commit: str) -> bool:
    """The source's own remote is asked first: the branch may live in another repository."""
    own = branch.run.run(remotes.names(branch.repo)).text.split()
    places = dict.fromkeys([*(["origin"] if "origin" in own else []), branch.remote])
    depth = 1 if branch.depth else 0
    fetches = (remotes.fetch_commit(branch.repo, remote, commit, depth) for remote in places)
    return any(branch.run.run(fetch).code == 0 for fetch in fetches)
