"""The stand-ins' processes, with real ones."""

import os
import signal
import socket
import sys
from dataclasses import replace

import psutil
import pytest

from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.process import processes, user
from aks_flow.rehearsal.standins.process.processes import Process, need_free_port, runs_at

IDLE = command("sleep", "60")


@pytest.fixture
def process(tmp_path):
    process = Process("idle", tmp_path / "a folder")
    yield process
    process.stop()


def reap(pid):
    """These children are pytest's own; in real life the caller is gone by then."""
    os.waitpid(pid, 0)


def test_a_process_is_found_again_and_stopped(process):
    process.start(Local(), IDLE)
    again = Process(process.name, process.folder)
    pid = again.pid()
    assert pid
    assert again.stop()
    reap(pid)
    assert again.pid() is None and not again.stop()


def test_a_killed_process_is_not_running(process):
    process.start(Local(), IDLE)
    pid = process.pid()
    os.kill(pid, signal.SIGKILL)
    reap(pid)
    assert process.pid() is None


def test_a_process_whose_folder_was_replaced_does_not_go_on(process, tmp_path):
    """An upgrade puts a new environment in the place of the one that a stand-in runs from."""
    sources = tmp_path / "sources"
    sources.mkdir()
    process.start(Local(), replace(IDLE, cwd=sources))
    pid = process.pid()
    process.stop_without_folder()
    sources.rename(tmp_path / "old")
    process.stop_without_folder()
    assert process.pid() == pid, "moved is not gone"
    (tmp_path / "old").rmdir()
    sources.mkdir()
    process.stop_without_folder()
    reap(pid)
    assert process.pid() is None


def test_another_user_s_process_is_left_with_a_sentence(process, monkeypatch):
    def refuse(_process):
        raise psutil.AccessDenied

    process.start(Local(), IDLE)
    with monkeypatch.context() as stranger, pytest.raises(AksFlowError) as caught:
        stranger.setattr(psutil.Process, "terminate", refuse)
        process.stop()
    me = user.name(os.geteuid())
    assert caught.value.what == f"{me} has started this rehearsal"
    assert f"Run the command as {me}" in caught.value.next_step
    assert process.pid(), "its file stays too"


def test_a_pid_that_another_program_has_by_now_does_not_count(process):
    process.start(Local(), IDLE)
    file = process.folder / "idle.pid"
    file.write_text(file.read_text().replace('"started": ', '"started": 1'))
    assert process.pid() is None


def test_a_process_that_dies_at_once_shows_its_last_words(process):
    process.start(Local(), command(sys.executable, "-c", "raise SystemExit('no such disk')"))
    with pytest.raises(AksFlowError, match=r"idle ended at once:\n    no such disk\nIts log is .*idle.log"):
        process.ready(lambda: False, "never", 10)


@pytest.fixture
def impatient(monkeypatch):
    """A taken port stays taken: nothing is gained by waiting for it."""
    monkeypatch.setattr(processes, "FREE_WITHIN", 0.01)


def test_a_taken_port_is_named_with_the_key_that_chooses_another(impatient):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            AksFlowError, match=f"port {port} on 127.0.0.1 is taken.*INVOKE_REHEARSAL_API_PORT"
        ):
            need_free_port(port, "rehearsal.api_port")


def test_a_process_that_runs_on_another_port_than_configured_says_both(process, impatient):
    process.start(Local(), IDLE, port=6550)
    assert runs_at(process, 6550, "rehearsal.api_port")
    with pytest.raises(AksFlowError, match="idle runs on port 6550, and 6560 is configured by now") as caught:
        runs_at(process, 6560, "rehearsal.api_port")
    assert caught.value.where == "rehearsal.api_port" and "rehearsal.down" in caught.value.next_step
    pid = process.pid()
    process.stop()
    reap(pid)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(AksFlowError, match="is taken"):
            runs_at(process, taken.getsockname()[1], "rehearsal.api_port")
