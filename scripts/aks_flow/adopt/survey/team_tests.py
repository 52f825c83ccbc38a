"""How a team runs its tests, as the files of its tools tell."""

import json
import re
from collections.abc import Callable
from pathlib import PurePosixPath

from aks_flow.adopt.package import HOME
from aks_flow.adopt.survey.tree import WorkTree

_MAKE_TARGET = re.compile(r"^(test|check)\s*:(?!=)", re.MULTILINE)


def find_test_command(tree: WorkTree) -> str:
    """The command at the repository's top, "" if no file tells one."""
    present = set(tree.files)
    for name, command in _COMMANDS:
        if name in present and (found := command(tree, name)):
            return found
    return _unittest(tree)


def _make(tree: WorkTree, name: str) -> str:
    target = _MAKE_TARGET.search(tree.text(name))
    return f"make {target[1]}" if target else ""


def _npm(tree: WorkTree, name: str) -> str:
    install = "npm ci && " if "package-lock.json" in tree.files else ""
    try:
        package = json.loads(tree.text(name))
    except ValueError:  # npm will say so
        return ""
    scripts = package.get("scripts") if isinstance(package, dict) else None
    test = str((scripts or {}).get("test", ""))
    return f"{install}npm test" if test and "no test specified" not in test else ""


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


# The first that is there and tells something counts.
_COMMANDS = (
    ("Makefile", _make),
    ("package.json", _npm),
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


def _unittest(tree: WorkTree) -> str:
    tests = [path for path in tree.below("tests") if re.fullmatch(r"test_\w+\.py", PurePosixPath(path).name)]
    own = [path for path in tests if "unittest" in tree.text(path)]
    return "python3 -m unittest discover -s tests" if own and own == tests else ""
