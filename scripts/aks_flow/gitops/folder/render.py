"""An environment's folder on the branch -> the manifest that kustomize makes of it."""

import tempfile
from pathlib import Path

from aks_flow.core.runner import CommandFailed
from aks_flow.core.tarball import unpack
from aks_flow.gitflow.tree_archive import tree_archive
from aks_flow.gitops.branch.branch import Branch
from aks_flow.tools.kubectl import kustomize


class NotRendered(Exception):
    """``words``: what kustomize said, with paths that begin at the folder."""

    def __init__(self, words: str):
        super().__init__(words)
        self.words = words


def rendered(branch: Branch, tree: str, environment: str) -> str:
    """The manifest of the folder whose tree has this hash; NotRendered if kustomize refuses it."""
    archive = tree_archive(branch.run, branch.repo, tree)
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as top:
        unpack(archive, Path(top, environment))
        try:
            return branch.run.run(kustomize.render(Path(top, branch.places[environment]))).text
        except CommandFailed as error:
            raise NotRendered(error.result.error_text.strip().replace(f"{top}/{environment}/", "")) from error
