"""What an edit refuses, with the file and line."""

from aks_flow.core.errors import AksFlowError


class EditError(AksFlowError):
    """A manifest that cannot be read or edited as asked; nothing was written."""


def at(where: str, line: int) -> str:
    """``FILE:LINE``, or ``line LINE`` for text that came from no file. Lines count from 1."""
    return f"{where}:{line}" if where else f"line {line}"


def not_yaml(problem: str, where: str, line: int, column: int) -> EditError:
    """`line` and `column` count from 1."""
    what = f"not YAML at column {column}: {problem}"
    return EditError(what, where=at(where, line), next_step="Correct the file, then repeat.")
