"""Every program that a test starts is brought by `./inv test`, or is the environment's, or is everywhere.

Found in the tests' own text: what is handed to subprocess, what `shutil.which` and `need` are asked for,
absolute paths, and the commands of the end-to-end tests. A path that is put together (BIN / "act") is the
environment's.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.programs.table import REHEARSAL
from dev.programs import TESTS

ROOT = Path(__file__).resolve().parents[3]
TABLE = {program.name for program in (*REHEARSAL, *TESTS)}
ENVIRONMENT = {file.name for file in Path(sys.executable).parent.iterdir()}
# Of Debian's essential packages; and git, without which there is no clone.
EVERYWHERE = {"apt-get", "bash", "cat", "cp", "dpkg-deb", "echo", "git", "printf", "sh", "sleep", "true"}
# They are asked for and done without.
OTHERWISE = {"kustomize", "yq"}

FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
STARTS = {f"subprocess.{name}" for name in ("run", "Popen", "check_output", "check_call", "call")}
ASKS = {"shutil.which", "need", "needs", "programs.need"}
SYSTEM = re.compile(r"/(?:usr/)?s?bin/([\w.-]+)")


def started(text: str, commands: bool) -> set[str]:
    """The programs that a source starts. commands: those of `command(…)` too, which end-to-end tests run."""
    tree = ast.parse(text)
    programs = set()
    for call, scope in calls(tree):
        programs |= {
            word.value for word in first_words(call, scope, commands) if isinstance(word, ast.Constant)
        }
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    paths = (SYSTEM.fullmatch(value) for value in constants if isinstance(value, str))
    return programs | {path[1] for path in paths if path}


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Every call, with the innermost function that it is in."""
    places = {node: tree for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args}
    for function in (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)):
        places |= {node: function for node in ast.walk(function) if node in places}
    yield from places.items()


def first_words(call: ast.Call, scope: ast.AST, commands: bool) -> Iterator[ast.expr]:
    """The words of a call that name programs."""
    name = ast.unparse(call.func)
    if name in ASKS:
        yield from call.args
    elif name.startswith(("os.exec", "os.posix_spawn")):
        yield call.args[0]
    elif name.startswith("os.spawn"):
        yield call.args[1]
    elif name in STARTS:
        yield from (word for argv in lists(call.args[0], scope) for word in argv[:1])
    elif commands and name == "command":
        yield call.args[0]


def lists(node: ast.AST, scope: ast.AST) -> Iterator[list[ast.expr]]:
    """The words of an argument list, or of what a name is given in the function."""
    if isinstance(node, ast.BinOp):
        yield from lists(node.left, scope)
    elif isinstance(node, ast.List | ast.Tuple):
        yield node.elts
    elif isinstance(node, ast.Name) and isinstance(scope, FUNCTIONS):
        for given in ast.walk(scope):
            if isinstance(given, ast.Assign) and node.id in map(ast.unparse, given.targets):
                yield from lists(given.value, given)


@cache
def started_by_tests() -> dict[str, set[str]]:
    """program -> the files that start it."""
    programs: dict[str, set[str]] = {}
    for file in sorted((ROOT / "tests").rglob("*.py")):
        place = str(file.relative_to(ROOT))
        if file != Path(__file__):
            for name in started(file.read_text(), commands=place.startswith("tests/e2e")):
                programs.setdefault(name, set()).add(place)
    return programs


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("subprocess.run(['frob', '-x'], check=True)", False),
        ("subprocess.Popen(('frob', *words))", False),
        ("def f(words):\n    argv = ['frob', '-x']\n    subprocess.run(argv + words)", False),
        ("def f():\n    argv = ['frob']\n    argv += words\n    return subprocess.check_output(argv)", False),
        ("os.spawnlp(os.P_WAIT, 'frob', 'frob', '-x')", False),
        ("os.execvp('frob', ['frob'])", False),
        ("shutil.which('frob')", False),
        ("pytestmark = needs('git', 'frob')", False),
        ("PROGRAM = shutil.which('x') or '/usr/sbin/frob'", False),
        ("host.run(command('frob', '-x'))", True),
    ],
)
def test_a_start_is_found(text, commands):
    assert "frob" in started(text, commands)


@pytest.mark.parametrize(
    "text",
    [
        "subprocess.run([sys.executable, 'frob'])",
        "subprocess.run([BIN / 'frob'])",
        "planned(command('frob'))",
        "def f():\n    argv = ['frob']\ndef g(argv):\n    subprocess.run(argv)",
    ],
)
def test_no_start_is_made_up(text):
    assert started(text, commands=False) == set()


def test_no_test_starts_a_program_that_nothing_brings():
    known = TABLE | ENVIRONMENT | EVERYWHERE | OTHERWISE
    assert {name: places for name, places in started_by_tests().items() if name not in known} == {}
