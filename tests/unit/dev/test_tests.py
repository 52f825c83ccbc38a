"""What is brought before this repository's own tests run."""

import subprocess
from contextlib import nullcontext

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.docker import engine
from aks_flow.rehearsal.standins.programs import machine
from aks_flow.rehearsal.standins.programs.table import REHEARSAL
from dev import tests
from dev.programs import TESTS
from tests import programs


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch, tmp_path):
    """Root on a Debian that has none of the programs."""
    bare = machine.Machine({"ID": "debian"}, True, lambda name: name == "apt-get", tmp_path)
    monkeypatch.setattr(machine, "here", lambda: bare)
    monkeypatch.setattr(engine, "is_given", lambda run: False)
    monkeypatch.setattr(engine, "is_here", lambda run: False)
    monkeypatch.setattr(engine, "stop_own", lambda run, state: False)


def ran(words):
    """pytest as it would run, in one process."""
    alone = [word for word in map(str, words) if not word.startswith(("--numprocesses", "--no-loadscope"))]
    return subprocess.run(alone, capture_output=True, text=True)


def test_all_that_any_test_starts_is_asked_for_in_one_go(monkeypatch, tmp_path):
    asked, started = [], []
    monkeypatch.setattr(tests, "bring", lambda run, programs, here, tell: asked.append(programs))
    monkeypatch.setattr(engine, "ensure", lambda run, state, tell: started.append(state))
    with tests.prepared(tmp_path, needed=True):
        assert asked == [[*REHEARSAL, *TESTS]]
    assert started == [tmp_path]


def test_what_cannot_be_brought_is_said_and_the_tests_run(monkeypatch, tmp_path, capsys):
    def fail(*_):
        raise AksFlowError("no network", next_step="See to it.")

    started = []
    monkeypatch.setattr(tests, "bring", fail)
    monkeypatch.setattr(engine, "ensure", lambda run, state, tell: started.append(state))
    with tests.prepared(tmp_path, needed=True):
        assert "no network. See to it." in "".join(capsys.readouterr())
    assert started == [tmp_path]


@pytest.mark.parametrize("suite, runs", [("unit", 1), ("e2e", 2)])
def test_an_end_to_end_test_that_fails_runs_a_second_time_and_is_named(suite, runs, monkeypatch, tmp_path):
    counted = tmp_path / "test_counted.py"
    counted.write_text(
        "from pathlib import Path\n\n"
        "def test_it():\n"
        "    runs = Path(__file__).with_name('runs')\n"
        "    runs.write_text(f\"{runs.read_text() if runs.exists() else ''}x\")\n"
        "    assert len(runs.read_text()) > 1, 'the machine was busy'\n"
    )
    said = []
    monkeypatch.setattr(tests, "prepared", lambda state, needed: nullcontext())
    monkeypatch.setattr(tests, "show", lambda root, *words: said.append(ran(words)))
    tests.run(suite, str(counted))
    assert (tmp_path / "runs").read_text() == "x" * runs
    assert "the machine was busy" in said[0].stdout
    assert said[0].returncode == (suite == "unit")


def test_unit_tests_bring_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(tests, "bring", pytest.fail)
    with tests.prepared(tmp_path, needed=False):
        pass


@pytest.mark.parametrize("program", [*REHEARSAL, *TESTS], ids=lambda program: program.name)
def test_a_test_that_lacks_a_program_names_its_packages(program, monkeypatch):
    facts = {"ID": "debian", "VERSION_CODENAME": "trixie"}
    monkeypatch.setattr(programs, "has", lambda name: False)
    monkeypatch.setattr(programs, "here", lambda: machine.Machine(facts, True, lambda name: False, None))
    assert f"{program.name} is not installed (" in (said := programs.lacking(program.name))
    assert not program.package or program.package in said
