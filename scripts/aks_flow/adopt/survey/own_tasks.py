"""A team's own tasks.py: what it would hide of aks-flow's tasks, and what it imports."""

import ast
import sys

from aks_flow.adopt.survey.tree import WorkTree

FILE = "tasks.py"
_THERE = {"invoke", "aks_flow", "yaml", "rich", "sh", "fabric"}


def missing_packages(tree: WorkTree) -> list[str]:
    """The packages that it imports and that a project's environment does not have."""
    if FILE not in tree.files:
        return []
    try:
        parsed = ast.parse(tree.text(FILE))
    except SyntaxError:
        return []
    names = {name.partition(".")[0] for node in ast.walk(parsed) for name in _imported(node)}
    own = {path.partition("/")[0].removesuffix(".py") for path in tree.files}
    return sorted(names - own - _THERE - sys.stdlib_module_names)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []
