"""What a reader must hold in mind: a name has one meaning, a thing one name, and a push stays small."""

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.unit.code.test_names import PACKAGE, ROOT, SOURCES, file_of, parsed

MOST_LINES, MOST_MODULES = 20_450, 270  # that a push or a pull delivery leads to, late imports included


def classes() -> dict[str, list[str]]:
    """Where each class's name is defined: ``file:line`` places by name."""
    places = defaultdict(list)
    for file in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{file.relative_to(ROOT)}:{node.lineno}")
    return places


def renamed_imports() -> Iterator[str]:
    """``file:line import`` of what is imported under another name than its own."""
    for file in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Import | ast.ImportFrom) and any(alias.asname for alias in node.names):
                yield f"{file.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)}"


def closure(*modules: str) -> set[str]:
    """These modules of the package, and all that importing them leads to."""
    reached, left = set(), list(modules)
    while left:
        module = left.pop()
        if module in reached or not (file := file_of(module)):
            continue
        reached.add(module)
        left.append(module.rpartition(".")[0])
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE:
                left += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return reached


def loop_variables(name: str) -> Iterator[str]:
    """``file:line`` of each loop and comprehension whose variable has this name."""
    for file in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
                for part in ast.walk(node.target):
                    if isinstance(part, ast.Name) and part.id == name:
                        yield f"{file.relative_to(ROOT)}:{part.lineno}"


def test_a_class_s_name_means_one_thing():
    assert {name: places for name, places in classes().items() if len(places) > 1} == {}


def test_nothing_is_imported_under_another_name():
    assert list(renamed_imports()) == []


@pytest.mark.parametrize("name", ["one", "each", "found", "wanted"])
def test_the_variable_of_a_loop_says_what_it_holds(name):
    assert list(loop_variables(name)) == []


@pytest.mark.parametrize(("path", "other"), [("push", "gitops"), ("gitops", "push")])
def test_a_delivery_leads_to_no_more_than_it_needs(path, other):
    modules = closure(f"{PACKAGE}.cli.{path}", f"{PACKAGE}.cli.run_task")
    assert [name for name in modules if name.split(".")[1:2] in ([other], ["rehearsal"], ["workflows"])] == []
    lines = sum(len(file_of(name).read_text().splitlines()) for name in modules)
    assert len(modules) <= MOST_MODULES and lines <= MOST_LINES


def test_a_second_meaning_and_a_second_name_are_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    monkeypatch.setitem(globals(), "SOURCES", tmp_path)
    for name, text in (("a.py", "class Plan: ...\n"), ("b.py", "import a as b\n\nclass Plan: ...\n")):
        (tmp_path / name).write_text(text)
    assert classes() == {"Plan": ["a.py:1", "b.py:3"]}
    assert list(renamed_imports()) == ["b.py:1 import a as b"]
