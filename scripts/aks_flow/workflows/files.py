"""The workflow files of a repository."""

from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.workflows.tree import Workflow, read

FOLDER = Path(".github/workflows")


def paths(root: Path) -> list[Path]:
    """The workflow files, sorted; AksFlowError if there is none."""
    workflows = sorted(file for kind in ("*.yml", "*.yaml") for file in (root / FOLDER).glob(kind))
    if not workflows:
        raise AksFlowError("no workflow file", where=str(FOLDER), next_step="Add one, or restore the folder.")
    return workflows


def read_all(root: Path) -> list[Workflow]:
    """Every workflow, parsed; AksFlowError with file and line for what is not YAML."""
    return [read(str(file.relative_to(root)), file.read_text()) for file in paths(root)]
