"""How a team runs its tests and its linter, as the files of its tools tell."""

import json
import re
from collections.abc import Callable
from pathlib import PurePosixPath

from aks_flow.adopt.package import HOME
from aks_flow.adopt.survey.tree import WorkTree

# (a file of the repository, what it tells of a command: "" for nothing)
_Teller = tuple[str, Callable[[WorkTree, str], str]]


def find_test_command(tree: WorkTree) -> str:
    """The command at the repository's top, "" if no file tells one."""
    return _first(tree, _TESTS) or _unittest(tree)


def find_lint_command(tree: WorkTree) -> str:
    """The command at the repository's top, "" if no file tells one."""
    return _first(tree, _LINTERS)


def _first(tree: WorkTree, tellers: tuple[_Teller, ...]) -> str:
    """The first that is there and tells something counts."""
    present = set(tree.files)
    commands = (command(tree, name) for name, command in tellers if name in present)
    return next(filter(None, commands), "")


def _make(targets: str) -> Callable[[WorkTree, str], str]:
    pattern = re.compile(rf"^({targets})\s*:(?!=)", re.MULTILINE)

    def command(tree: WorkTree, name: str) -> str:
        target = pattern.search(tree.text(name))
        return f"make {target[1]}" if target else ""

    return command


def _npm(script: str, call: str) -> Callable[[WorkTree, str], str]:
    def command(tree: WorkTree, name: str) -> str:
        install = "npm ci && " if "package-lock.json" in tree.files else ""
        text = _script(tree.text(name), script)
        return f"{install}{call}" if text and "no test specified" not in text else ""

    return command


def _script(package: str, name: str) -> str:
    """A script of a package.json, "" if it has none."""
    try:
        data = json.loads(package)
    except ValueError:  # npm will say so
        return ""
    scripts = data.get("scripts") if isinstance(data, dict) else None
    return str((scripts or {}).get(name, ""))


def _pytest(tree: WorkTree, name: str) -> str:
    return _with_python(tree, "pytest") if "pytest" in tree.text(name) else ""


def _with_python(tree: WorkTree, program: str) -> str:
    """In an environment of the tests' own: the project's has what aks-flow needs."""
    listed = [name for name in ("requirements.txt", "requirements-dev.txt") if name in tree.files]
    own = " ." if not listed and "pyproject.toml" in tree.files else ""
    wanted = "".join(f" -r {name}" for name in listed) + own
    programs = f"{HOME}/tests/bin"
    return (
        f"python3 -m venv {HOME}/tests && {programs}/pip install --quiet{wanted} {program}"
        f" && {programs}/{program}"
    )


def _always(command: str) -> Callable[[WorkTree, str], str]:
    return lambda tree, name: command


_TESTS: tuple[_Teller, ...] = (
    ("Makefile", _make("test|check")),
    ("package.json", _npm("test", "npm test")),
    ("go.mod", _always("go test ./...")),
    ("Cargo.toml", _always("cargo test")),
    ("mvnw", _always("./mvnw --batch-mode verify")),
    ("pom.xml", _always("mvn --batch-mode verify")),
    ("gradlew", _always("./gradlew check")),
    ("tox.ini", lambda tree, name: _with_python(tree, "tox")),
    ("pytest.ini", lambda tree, name: _with_python(tree, "pytest")),
    ("pyproject.toml", _pytest),
    ("setup.cfg", _pytest),
    ("requirements-dev.txt", _pytest),
)
_LINTERS: tuple[_Teller, ...] = (
    ("Makefile", _make("lint")),
    ("package.json", _npm("lint", "npm run lint")),
)


def _unittest(tree: WorkTree) -> str:
    tests = [path for path in tree.below("tests") if re.fullmatch(r"test_\w+\.py", PurePosixPath(path).name)]
    own = [path for path in tests if "unittest" in tree.text(path)]
    return "python3 -m unittest discover -s tests" if own and own == tests else ""
