"""The workflow files of a repository."""

from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.workflows.tree import Workflow, read

FOLDER = Path(".github/workflows")


def paths(root: Path) -> list[Path]:
    found = sorted(file for kind in ("*.yml", "*.yaml") for file in (root / FOLDER).glob(kind))
    if not found:
        raise AksFlowError("no workflow file", where=str(FOLDER), next_step="Add one, or restore the folder.")
    return found


def read_all(root: Path) -> list[Workflow]:
    """Every workflow; AksFlowError with file and line if one is none."""
    return [read(str(file.relative_to(root)), file.read_bytes()) for file in paths(root)]
