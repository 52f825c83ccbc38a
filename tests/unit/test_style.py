"""The code stays small and its imports go one way."""

import ast
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def sources() -> list[Path]:
    return [file for file in sorted((ROOT / "scripts").rglob("*.py")) if file.name != "__init__.py"]


def functions() -> dict[str, int]:
    """Every function's place and its length in lines, docstring and signature included."""
    found = {}
    for file in [*sources(), ROOT / "tasks.py"]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, FUNCTIONS):
                found[f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"] = (
                    node.end_lineno - node.lineno + 1
                )
    return found


def test_files_are_small():
    assert statistics.median(len(file.read_text().splitlines()) for file in sources()) <= 100


def test_functions_are_small():
    lengths = functions()
    assert statistics.median(lengths.values()) <= 8
    assert {place: lines for place, lines in lengths.items() if lines > 40} == {}


def test_tasks_are_assembly():
    tasks = {place: lines for place, lines in functions().items() if place.startswith("tasks.py")}
    assert tasks and max(tasks.values()) <= 10


def tool(*words: str) -> str:
    answer = subprocess.run([TOOLS / words[0], *words[1:]], cwd=ROOT, capture_output=True, text=True)
    return "" if answer.returncode == 0 else answer.stdout + answer.stderr


def test_imports_go_one_way():
    assert tool("lint-imports") == ""


def test_ruff_finds_nothing():
    assert tool("ruff", "check", "--output-format=concise", ".") == ""
    assert tool("ruff", "format", "--check", ".") == ""


def test_shell_scripts_pass_shellcheck():
    assert tool("shellcheck", "inv", ".ci/run") == ""


def test_the_task_list_reads_as_a_table_of_contents():
    listed = subprocess.run(
        [sys.executable, "-m", "invoke", "--list"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "rehearse" in listed and "push.run (push)" in listed


def test_the_task_list_imports_nothing_that_it_does_not_need():
    program = (
        "import sys, invoke.main\n"
        "try: invoke.main.program.run(['inv', '--list'], exit=False)\n"
        "finally: print(sorted({'rich', 'sh', 'fabric', 'aiohttp', 'scripts.rollout'} & set(sys.modules)),"
        " file=sys.stderr)"
    )
    environment = {**os.environ, "COLUMNS": "200"}
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, env=environment
    )
    assert ran.stderr.strip() == "[]"


def test_nothing_names_a_place_outside_the_repository():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    marks = ("/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/")
    texts = {name: (ROOT / name).read_bytes() for name in tracked.splitlines() if (ROOT / name).is_file()}
    assert [name for name, text in texts.items() for mark in marks if mark.encode() in text] == []
