"""docs/architecture.md says what the code does: folders, files, and the steps of both paths in order."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from tasks import namespace
from tests.markdown import code, rows

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "scripts" / "aks_flow"
PAGE = (ROOT / "docs" / "architecture.md").read_text()
WAYS = {
    "push": ("The way of a push", "push/deliver.py", "push"),
    "pull": ("The way of a pull", "gitops/deliver.py", "deliver"),
}
PLACE = re.compile(r"`([\w.]+)` \(`([\w/]+\.py)`\)")  # `name` (`file`)


def is_path(text: str) -> bool:
    is_one_word = re.fullmatch(r"[\w./-]+", text) and not text.startswith("./")
    return bool(is_one_word) and ("/" in text or text.endswith((".py", ".md", ".yaml", ".toml", ".svg")))


def missing_paths() -> Iterator[str]:
    """The paths of the page that lead nowhere; in a row of a table they may begin at its first cell."""
    for line in PAGE.splitlines():
        names = code(line)
        bases = [ROOT, PACKAGE, *([PACKAGE / names[0]] if line.startswith("| `") else [])]
        for name in filter(is_path, names):
            if not any((base / name).exists() for base in bases):
                yield name


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def defined(file: Path) -> set[str]:
    """The functions, classes, methods (``method`` and ``Class.method``) and constants of a module."""
    names = {node.id for node in ast.walk(tree(file)) if isinstance(node, ast.Name)}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = [item.name for item in node.body if isinstance(item, ast.FunctionDef)]
            names |= {f"{node.name}.{method}" for method in methods}
    return names


@cache
def known_names() -> set[str]:
    """What a word with a dot may be: a task, a key of invoke.yaml, ``module.function``, ``Class.method``."""
    names = set(namespace.task_names) | {
        alias for aliases in namespace.task_names.values() for alias in aliases
    }
    settings = yaml.safe_load((ROOT / "invoke.yaml").read_text())
    names |= {f"{key}.{part}" for key, value in settings.items() if isinstance(value, dict) for part in value}
    for file in (file for file in PACKAGE.rglob("*.py") if not file.is_relative_to(PACKAGE / "rehearsal")):
        own = defined(file)
        names |= {name for name in own if "." in name} | {f"{file.stem}.{name}" for name in own}
    return names


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def steps(way: str) -> str:
    """The numbered lines of a section."""
    lines = re.findall(r"^(?:\d+\.|  ) .+", section(WAYS[way][0]), re.MULTILINE)
    return "\n".join(lines)


def calls(file: Path, function: str) -> Iterator[str]:
    """What a function calls, as it is written there, in the order of the run.

    A function of the same module is followed by what it calls itself.
    """
    functions = {node.name: node for node in tree(file).body if isinstance(node, ast.FunctionDef)}

    def visit(node: ast.AST) -> Iterator[str]:
        for part in ast.iter_child_nodes(node):
            yield from visit(part)
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)
            name = getattr(node.func, "id", "")
            if name in functions:
                yield from in_body(name)

    def in_body(name: str) -> Iterator[str]:
        for statement in functions[name].body:
            yield from visit(statement)

    yield from in_body(function)


def imported(file: Path) -> set[str]:
    """The functions and modules that a path's file takes from its own package."""
    package = f"aks_flow.{file.parent.name}"
    own = (node for node in ast.walk(tree(file)) if isinstance(node, ast.ImportFrom))
    names = {alias.name for node in own if node.module.startswith(package) for alias in node.names}
    return {name for name in names if name.islower()}


def in_order(way: str) -> list[str]:
    """The calls of a path, each at its first place."""
    _, file, function = WAYS[way]
    return list(dict.fromkeys(calls(PACKAGE / file, function)))


def test_the_page_is_two_pages_long():
    assert len(PAGE.splitlines()) <= 120


def test_every_path_exists():
    assert len([text for text in code(PAGE) if is_path(text)]) > 50
    assert [*missing_paths()] == []


def test_every_name_with_a_dot_exists():
    names = [text for text in code(PAGE) if "." in text and not is_path(text) and not text.startswith(".")]
    called = {name for way in WAYS for name in in_order(way)}
    dotted = {name for name in names if re.fullmatch(r"[\w.-]+", name)}
    assert dotted and dotted - known_names() - called == set()


def test_every_name_that_stands_before_its_file_is_defined_there():
    places = PLACE.findall(PAGE)
    assert len(places) > 20
    assert [
        (name, file)
        for name, file in places
        if name not in defined(PACKAGE / file) and name.rpartition(".")[2] not in defined(PACKAGE / file)
    ] == []


def test_every_package_is_in_the_table_of_folders():
    listed = [code(folder)[0].rstrip("/") for folder, _ in rows(PAGE, "| folder |")]
    packages = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}
    assert sorted(listed) == sorted(packages)


@pytest.mark.parametrize("way", WAYS)
def test_the_steps_are_in_the_order_of_the_code(way):
    order = in_order(way)
    named = [name for name in dict.fromkeys(code(steps(way))) if name in order]
    assert len(named) > 5
    assert named == sorted(named, key=order.index)


@pytest.mark.parametrize("way", WAYS)
def test_no_step_of_the_code_is_left_out(way):
    own = imported(PACKAGE / WAYS[way][1])
    taken = {name for name in in_order(way) if name.partition(".")[0] in own}
    assert taken - set(code(steps(way))) == set()
