"""The state of the work tree that a project is in."""

import os
import tempfile
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.tools.git import reason, worktree

_SHOWN = 3  # of the files that are changed


def read(run: Runner, repo: Path) -> worktree.WorkTreeStatus:
    """AksFlowError if git has no work tree there, or another folder for it."""
    answer = run.run(worktree.top(repo))
    if answer.code:
        what = f"git has no work tree here ({reason(answer)})"
        raise AksFlowError(what, where=str(repo), next_step="Run this in a clone with its files checked out.")
    top = Path(os.fsdecode(answer.stdout.removesuffix(b"\n"))).resolve()
    if not repo.resolve().is_relative_to(top):
        step = f"Run it in {top}, or take the setting back: `git config --unset core.worktree`."
        what = f"git's work tree is elsewhere, {top}: core.worktree or GIT_WORK_TREE says so"
        raise AksFlowError(what, where=str(repo), next_step=step)
    return worktree.parse_status(run.run(worktree.status(repo)).text)


def refuse_changes(status: worktree.WorkTreeStatus, repo: Path, step: str) -> None:
    """AksFlowError that names what is not committed, if anything is."""
    if status.changed:
        names, more = ", ".join(status.changed[:_SHOWN]), len(status.changed) - _SHOWN
        what = f"the work tree has changes that are not committed: {names}{f' and {more} more' * (more > 0)}"
        raise AksFlowError(what, where=str(repo), next_step=step)


def tree_of_files(run: Runner, repo: Path) -> str:
    """The tree of the files as they lie there, ignored ones left out."""
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        index = Path(folder) / "index"
        run.run(worktree.read_tree(repo, index))
        run.run(worktree.stage(repo, index))
        return run.run(worktree.write_tree(repo, index)).text.strip()
