"""What a module takes of another is there: a name that changed is found before a delivery stumbles on it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "scripts"
PACKAGE = "aks_flow"


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


@cache
def file_of(module: str) -> Path | None:
    """Of ``aks_flow.core.config``; None if there is no such module."""
    place = SOURCES.joinpath(*module.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


@cache
def bound(file: Path) -> frozenset[str]:
    """The names that a module has: what it defines, assigns and imports outside of functions."""
    names, left = set(), list(parsed(file).body)
    while left:
        node = left.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.alias):
            names.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        left += ast.iter_child_nodes(node)
    return frozenset(names)


def has(module: str, name: str) -> bool:
    file = file_of(module)
    return bool(file_of(f"{module}.{name}") or (file and (name in bound(file) or name.startswith("__"))))


def imported(tree: ast.AST) -> Iterator[tuple[int, str, ast.alias]]:
    """Line, module and name of each import from the package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE:
            yield from ((node.lineno, node.module, alias) for alias in node.names)


def rebound(tree: ast.AST) -> set[str]:
    """Names that a file uses for something of its own too: what they hold is not known."""
    own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return own | {node.id for node in names if isinstance(node.ctx, ast.Store)}


def missing(file: Path) -> Iterator[str]:
    """``file:line module.name`` of what is imported or used of a module and is not there, or not callable."""
    tree, known = parsed(file), {}
    for line, module, alias in imported(tree):
        if file_of(whole := f"{module}.{alias.name}"):
            known[alias.asname or alias.name] = whole
        elif not has(module, alias.name):
            yield f"{file.relative_to(ROOT)}:{line} {whole}"
    for name in rebound(tree) & known.keys():
        del known[name]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
            yield f"{file.relative_to(ROOT)}:{node.lineno} {known[node.func.id]}()"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            module = known[node.value.id]
            if not has(module, node.attr):
                yield f"{file.relative_to(ROOT)}:{node.lineno} {module}.{node.attr}"


def test_what_a_module_takes_of_another_is_there():
    files = [ROOT / "tasks.py", *SOURCES.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    assert [text for file in files for text in missing(file)] == []


def test_a_name_that_is_gone_is_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    file = tmp_path / "a.py"
    file.write_text(
        "from aks_flow.core import command, config\n"
        "from aks_flow.core.errors import AksFlowError, Gone\n"
        "def call(config):\n"
        "    return command.command, command.told, config.gone, AksFlowError.gone, command()\n"
    )
    assert sorted(missing(file)) == [
        "a.py:2 aks_flow.core.errors.Gone",
        "a.py:4 aks_flow.core.command()",
        "a.py:4 aks_flow.core.command.told",
    ]
