"""The project that is delivered: the folder of the nearest invoke.yaml, at the top of a git repository."""

from pathlib import Path

from aks_flow.core.errors import AksFlowError

FILE = "invoke.yaml"
KEY = "root"  # where `./inv` and `aks-flow` keep the folder in Invoke's configuration


def find(start: Path) -> Path:
    """The project of a folder: itself, or the nearest one above; AksFlowError if there is none."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    what = f"there is no {FILE} here or in a folder above"
    step = "Go to a project's folder, or name it: --root FOLDER."
    raise AksFlowError(what, where=str(start), next_step=step)


def check_top(root: Path) -> None:
    """AksFlowError unless the folder is the top of a git work tree, whose trees give versions and keys."""
    if not (root / ".git").exists():  # a folder, or in a submodule and a second work tree a file
        what = f"{FILE} is not at the top of a git repository"
        step = f"Move {FILE} to the top of the repository; without one, start with `git init`."
        raise AksFlowError(what, where=str(root), next_step=step)
