"""The workflow files of a repository."""

from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.workflows.tree import Workflow, read

FOLDER, ACTIONS = Path(".github/workflows"), Path(".github/actions")
_TASKS = (b"./inv", b"aks-flow")
_BESIDE = b"./.github/"  # how a workflow calls a workflow or an action of its own repository


def paths(root: Path) -> list[Path]:
    found = sorted(file for kind in ("*.yml", "*.yaml") for file in (root / FOLDER).glob(kind))
    if not found:
        raise AksFlowError("no workflow file", where=str(FOLDER), next_step="Add one, or restore the folder.")
    return found


def is_team_s(file: Path) -> bool:
    """Whether it has nothing to do with deliveries: it calls no task, and no workflow or action beside it."""
    content = file.read_bytes()
    return not calls_task(content) and _BESIDE not in content


def calls_task(content: bytes) -> bool:
    """Whether a workflow or an action itself calls a task."""
    return any(task in content for task in _TASKS)


def actions(root: Path) -> list[Path]:
    """The repository's own actions, which its workflows call by their folder; but for a team's."""
    found = (file for kind in ("*.yml", "*.yaml") for file in (root / ACTIONS).glob(f"*/action{kind[1:]}"))
    return sorted(file for file in found if not is_team_s(file))


def read_all(root: Path) -> list[Workflow]:
    """Every workflow; AksFlowError with file and line if one is none."""
    return [read(str(file.relative_to(root)), file.read_bytes()) for file in paths(root)]
