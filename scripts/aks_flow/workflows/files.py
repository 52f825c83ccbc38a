"""The workflow files of a repository."""

from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.workflows.tree import Workflow, read

FOLDER, ACTIONS = Path(".github/workflows"), Path(".github/actions")


def paths(root: Path) -> list[Path]:
    found = sorted(file for kind in ("*.yml", "*.yaml") for file in (root / FOLDER).glob(kind))
    if not found:
        raise AksFlowError("no workflow file", where=str(FOLDER), next_step="Add one, or restore the folder.")
    return found


def actions(root: Path) -> list[Path]:
    """The repository's own actions, which its workflows call by their folder."""
    return sorted(
        file for kind in ("*.yml", "*.yaml") for file in (root / ACTIONS).glob(f"*/action{kind[1:]}")
    )


def read_all(root: Path) -> list[Workflow]:
    """Every workflow; AksFlowError with file and line if one is none."""
    return [read(str(file.relative_to(root)), file.read_bytes()) for file in paths(root)]
