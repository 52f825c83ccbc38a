"""A delivery needs the first lock alone, all the rest both; a task says which, and the locks agree."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tasks import namespace

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "scripts" / "aks_flow"
CARRIED = "scripts/aks_flow/core/program_locks"
LOCKS = ("requirements.lock", "requirements-dev.lock", f"{CARRIED}/uv.lock", f"{CARRIED}/azure-cli.lock")
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = DECLARED["project"]["optional-dependencies"]
GROUPS = DECLARED["dependency-groups"]
# What each lock is made from.
SOURCES = {
    LOCKS[0]: DECLARED["project"]["dependencies"],
    LOCKS[1]: [*EXTRAS["rehearsal"], *EXTRAS["dev"]],
    LOCKS[2]: GROUPS["uv"],
    LOCKS[3]: GROUPS["azure-cli"],
}
OWN = {"aks_flow", "dev", "tasks", "tests", "vote"}


@cache
def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


@cache
def imported(file: Path) -> set[str]:
    """The modules that a file imports, wherever it does."""
    modules = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return modules


def packages(files: list[Path]) -> set[str]:
    """The distributions that these files import."""
    known = packages_distributions()
    tops = {name.partition(".")[0] for file in files for name in imported(file)}
    outside = tops - OWN - sys.stdlib_module_names
    return {known[name][0].lower().replace("_", "-") for name in outside}


def sources(rehearsal: bool) -> list[Path]:
    inside = PACKAGE / "rehearsal"
    files = PACKAGE.rglob("*.py")
    return [ROOT / "tasks.py", *(file for file in files if file.is_relative_to(inside) == rehearsal)]


def asked(name: str) -> set[str]:
    """The packages that a lock is made from."""
    return {re.match(r"[\w.-]+", requirement)[0] for requirement in SOURCES[name]}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_by_its_hashes(name):
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    pinned = re.compile(r"[\w.-]+==.+( \\\n    --hash=\S+)+")
    assert [block for block in blocks if not pinned.fullmatch(block)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_its_source_asks_for(name):
    assert asked(name) and asked(name) <= pins(name).keys()


def test_the_locks_agree_on_what_they_share():
    delivery, development = pins(LOCKS[0]), pins(LOCKS[1])
    shared = delivery.keys() & development.keys()
    assert shared and [name for name in shared if delivery[name] != development[name]] == []


def test_the_azure_extra_is_the_az_that_the_rehearsal_brings():
    assert EXTRAS["azure"] == GROUPS["azure-cli"]


def test_a_delivery_imports_what_the_first_lock_asks_for():
    libraries = {name for name in asked(LOCKS[0]) if not name.endswith("-bin")}
    assert packages(sources(rehearsal=False)) - {"paramiko"} == libraries  # it comes with fabric


def test_all_the_rest_imports_what_both_locks_hold():
    others = (ROOT / "tests", ROOT / "app", ROOT / "scripts" / "dev")
    files = [*sources(rehearsal=True), *(file for folder in others for file in folder.rglob("*.py"))]
    files = [file for file in files if "shapes" not in file.parts]  # other repositories' files
    assert packages(files) - pins(LOCKS[0]).keys() - pins(LOCKS[1]).keys() == set()


def test_the_tasks_that_need_the_second_lock_say_so():
    tasks = {name: namespace[name] for name in namespace.task_names}
    development = {name for name, task in tasks.items() if task.development}
    rehearse = {name for name, task in tasks.items() if task.module.startswith("aks_flow.rehearsal.")}
    rehearse -= {"doctor"}  # it looks with what every environment has
    assert rehearse and development == rehearse | {"lint", "test", "workflows.check"}
