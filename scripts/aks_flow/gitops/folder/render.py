"""An environment's folder on the branch -> what it renders to."""

import tempfile
from pathlib import Path

from aks_flow.core.runner import CommandFailed
from aks_flow.core.tarball import unpack
from aks_flow.gitops.branch.branch import Branch
from aks_flow.tools import kubectl
from aks_flow.tools.git import worktree


class NotRendered(Exception):
    """``said``: kustomize's words, paths counted from the folder."""

    def __init__(self, said: str):
        super().__init__(said)
        self.said = said


def rendered(branch: Branch, tree: str, environment: str) -> str:
    """The manifest of a folder by its tree's hash; NotRendered if kustomize refuses it."""
    archive = branch.run.run(worktree.archive(branch.repo, tree)).stdout
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as top:
        unpack(archive, Path(top))
        try:
            return branch.run.run(kubectl.kustomize(Path(top, "overlays", environment))).text
        except CommandFailed as error:
            raise NotRendered(error.result.error_text.strip().replace(f"{top}/", "")) from error
