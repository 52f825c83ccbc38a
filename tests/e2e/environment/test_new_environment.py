"""A new clone's first call, as a person makes it: from the registry, by the real pip and uv."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aks_flow.core.environment import DELIVERY, DEVELOPMENT, is_complete, sources
from tests.e2e.project import clone

DEADLINE = 300
NOWHERE = "http://127.0.0.1:9/simple"  # the discard port: nothing listens
UNREACHABLE = {
    **{"PIP_INDEX_URL": NOWHERE, "PIP_RETRIES": "1", "PIP_FIND_LINKS": ""},
    **{"UV_INDEX_URL": NOWHERE, "UV_HTTP_RETRIES": "0"},
}
IMPORTS = """
import importlib, pathlib, sys
sys.path.insert(0, "scripts")
for file in sorted(pathlib.Path("scripts/aks_flow").rglob("*.py")):
    if "rehearsal" not in file.parts and file.name != "__init__.py":
        importlib.import_module(".".join(file.with_suffix("").parts[1:]))
"""
PATH = os.pathsep.join(  # as it is outside of this environment
    folder for folder in os.environ["PATH"].split(os.pathsep) if not folder.startswith(sys.prefix)
)
PYTHONS = ("python3", *(f"python3.{minor}" for minor in range(11, 15)))


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A fresh clone in a path with a space."""
    return clone(tmp_path / "a clone", {}).repo


def start(repo: Path, *words: str, **settings: str) -> subprocess.Popen:
    """`./inv`, in a process group of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "AKSFLOW_VENV"}
    return subprocess.Popen(
        [repo / "inv", *words],
        cwd=repo,
        env={**kept, "PATH": PATH, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def end(call: subprocess.Popen) -> tuple[int, str, str]:
    out, err = call.communicate(timeout=DEADLINE)
    return call.returncode, out, err


def inv(repo: Path, *words: str, **settings: str) -> tuple[int, str, str]:
    return end(start(repo, *words, **settings))


def succeeds(repo: Path, **settings: str) -> None:
    code, out, err = inv(repo, "--list", **settings)
    assert code == 0 and "rehearse" in out, err
    assert is_complete(sources(repo, DELIVERY), repo / ".venv")
    assert [file.name for file in (repo / ".venv.making").iterdir()] == ["lock"]


def sentence(answer: tuple[int, str, str]) -> str:
    """The one line that a refused call ends with, after the one that says what it does."""
    code, out, err = answer
    assert (code, out) == (1, ""), err
    *said, last = err.splitlines()
    assert [line for line in said if not line.startswith("inv: installing")] == [], err
    return last


def test_from_nothing_a_delivery_has_all_that_it_imports(repo, tmp_path):
    succeeds(repo, XDG_CACHE_HOME=str(tmp_path / "cache"))
    programs = repo / ".venv" / "bin"
    subprocess.run([programs / "python", "-c", IMPORTS], cwd=repo, check=True)
    assert [name for name in ("kubectl", "gh") if not (programs / name).exists()] == []
    assert not (programs / "pytest").exists()


def test_a_task_that_needs_more_brings_it_and_goes_on(repo):
    code, out, err = inv(repo, "lint")
    assert code == 0 and "Contracts: " in out, err
    assert [line for line in err.splitlines() if "requirements-dev.lock" in line] == [
        "installing what requirements-dev.lock names into .venv (first use, or the file has changed)"
    ]
    assert is_complete(sources(repo, DEVELOPMENT), repo / ".venv")
    assert "installing" not in inv(repo, "lint")[2]


def test_calls_at_the_same_time_do_not_break_each_other(repo):
    calls = [start(repo, *words) for words in (["--list"], ["flow.version"], ["lint"], ["lint"])]
    answers = [end(call) for call in calls]
    assert [code for code, _, _ in answers] == [0, 0, 0, 0], answers
    assert sum(err.count("installing what requirements.lock") for _, _, err in answers) == 1


def test_a_call_that_is_killed_leaves_nothing_that_the_next_one_trips_over(repo, tmp_path):
    call = start(repo, "--list")
    deadline = time.monotonic() + DEADLINE
    while not list(repo.glob(".venv.making/new-*/lib")):
        assert call.poll() is None and time.monotonic() < deadline
    os.killpg(call.pid, signal.SIGKILL)
    end(call)
    succeeds(repo)


def test_a_ctrl_c_is_one_sentence_and_the_next_call_goes_on(repo):
    call = start(repo, "--list")
    deadline = time.monotonic() + DEADLINE
    while not list(repo.glob(".venv.making/new-*/lib")):
        assert call.poll() is None and time.monotonic() < deadline
    os.killpg(call.pid, signal.SIGINT)
    code, _, err = end(call)
    assert code in (130, -signal.SIGINT)  # some shells end by the signal themselves
    assert err.splitlines()[1:] == ["inv: stopped: run the same command again to go on"]
    succeeds(repo)


@pytest.mark.parametrize("missing", ["uv", "packages"])
def test_without_the_registry_it_is_one_sentence_and_the_next_call_goes_on(repo, tmp_path, missing):
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    if missing == "packages":
        succeeds(repo, **cache)
        shutil.rmtree(repo / ".venv")
        shutil.rmtree(tmp_path / "cache" / "uv")
    assert sentence(inv(repo, "--list", **cache, **UNREACHABLE)) == (
        "inv: PyPI cannot be reached. Check the network, or the proxy; then run the same command again."
    )
    succeeds(repo, **cache)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=50m", "tmpfs", folder]
    if subprocess.run(asked, capture_output=True).returncode:
        pytest.skip("whoever runs this may not mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("full", ["XDG_CACHE_HOME", "AKSFLOW_VENV"])
def test_on_a_full_disk_it_is_one_sentence_and_the_next_call_goes_on(repo, small, full):
    place = {full: str(small / "place")}
    said = sentence(inv(repo, "--list", **place))
    step = "Make room there (1 GB is enough); then run the same command again."
    assert said.startswith(f"inv: {small}") and said.endswith(f": the disk is full. {step}")
    subprocess.run(["mount", "-o", "remount,size=1g", small], check=True)
    assert inv(repo, "--list", **place)[0] == 0


def test_a_python_that_is_too_old_is_one_sentence(repo, tmp_path):
    for name in PYTHONS:
        program = tmp_path / "old" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\nexit 1\n")  # as any Python below 3.11 answers
        program.chmod(0o755)
    path = f"{tmp_path / 'old'}{os.pathsep}{PATH}"
    said = sentence(inv(repo, "--list", PATH=path))
    assert said == "inv: Python 3.11 or newer is needed; install it, then run this again."
