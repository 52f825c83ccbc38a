"""The tasks and the package stay small, and their imports go one way."""

import ast
import os
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.package import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[3]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def sources() -> list[Path]:
    return [file for file in sorted((ROOT / "scripts").rglob("*.py")) if file.name != "__init__.py"]


@cache
def functions() -> dict[str, int]:
    """Every function's place and its length in lines, docstring and signature included."""
    lengths = {}
    for file in [*sources(), ROOT / "tasks.py"]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, FUNCTIONS):
                lengths[f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"] = (
                    node.end_lineno - node.lineno + 1
                )
    return lengths


def test_files_are_small():
    assert statistics.median(len(file.read_text().splitlines()) for file in sources()) <= 100


def test_functions_are_small():
    lengths = functions()
    assert statistics.median(lengths.values()) <= 8
    assert {place: lines for place, lines in lengths.items() if lines > 40} == {}


def test_a_task_is_its_name_its_parameters_and_its_first_line():
    files = (ROOT / "scripts/aks_flow/tasks").glob("*.py")
    nodes = [
        node for file in files if file.name != "__init__.py" for node in ast.parse(file.read_text()).body
    ]
    tasks = [node for node in nodes if isinstance(node, FUNCTIONS)]
    assert len(tasks) > 60
    assert [
        task.name for task in tasks if len(task.body) > 1 or "\n" in (ast.get_docstring(task) or "\n")
    ] == []


def test_imports_go_one_way():
    program = Path(sys.executable).parent / "lint-imports"
    ran = subprocess.run([program], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_task_list_reads_as_a_table_of_contents():
    listed = subprocess.run(
        [sys.executable, "-m", "invoke", "--list"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "rehearse" in listed and "push.run (push)" in listed


def test_the_task_list_imports_nothing_that_it_does_not_need():
    program = (
        "import sys, invoke.main\n"
        "try: invoke.main.program.run(['inv', '--list'], exit=False)\n"
        "finally: print(sorted({'rich', 'sh', 'fabric', 'aiohttp', 'aks_flow.rollout.verdict'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    environment = {**os.environ, "COLUMNS": "200"}
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, env=environment
    )
    assert ran.stderr.strip() == "[]"
