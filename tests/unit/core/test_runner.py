import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from aks_flow.core import runner, wait
from aks_flow.core.command import Command, Result, Secret, command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Bare, CommandFailed, Dry, Local
from aks_flow.core.stops import STOPS
from aks_flow.rehearsal.standins.process.processes import running
from tests.package import ENVIRONMENT


@pytest.mark.parametrize("reads", [True, False])
def test_standard_input_and_output_pass_through_unchanged(reads):
    data = bytes(range(256)) * 300
    assert Local().run(command("cat", stdin=data, reads=reads)).stdout == data


@pytest.mark.parametrize("reads", [True, False])
def test_secrets_reach_the_program_by_environment_and_standard_input(reads):
    ask = command("sh", "-c", 'cat; printf %s "$WORD"', reads=reads)
    answer = Local().run(replace(ask, stdin=Secret("in,"), env={"WORD": Secret("env")}))
    assert answer.text == "in,env"


@pytest.mark.parametrize("reads", [True, False])
def test_a_program_that_does_not_read_its_standard_input_has_answered(reads):
    asked = command("sh", "-c", "exec <&-; echo done", stdin=b"x" * 10**6, reads=reads)
    assert Local().run(asked).text == "done\n"


def test_what_a_program_leaves_of_temporary_files_goes_with_it_also_after_an_interrupt(tmp_path, monkeypatch):
    """kubectl diff does, which is ended by the same Ctrl-C as what called it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    leaves = 'echo secret >"$TMPDIR/LIVE-1"; '
    assert Local().run(command("sh", "-c", f"{leaves} echo $TMPDIR", reads=True, litters=True)).text != "\n"
    with pytest.raises(KeyboardInterrupt):
        Local().run(command("sh", "-c", f"{leaves} kill -INT $PPID; sleep 9", reads=True, litters=True))
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_a_program_repeats_is_shown_once():
    """kubectl says of each kind that it was asked for that there is no such context."""
    said = b'no context "x"\n' * 9 + b"the end\n"
    failure = CommandFailed(command("kubectl", "get", "a,b"), Result(1, b"", said))
    assert failure.what.splitlines()[1:] == ['    no context "x"', "    the end"]


def test_a_failure_shows_command_exit_code_and_last_lines_once():
    with pytest.raises(CommandFailed) as failure:
        Local().run(command("sh", "-c", "seq 1 30 >&2; exit 3"))
    text = str(failure.value)
    assert "`sh -c 'seq 1 30 >&2; exit 3'` ended with exit code 3:" in text
    assert text.splitlines()[1:-1] == [f"    {number}" for number in range(21, 31)]
    assert text.splitlines()[-1] == "Correct what it says; then run the same command again."


def test_allowed_exit_codes_are_answers():
    assert Local().run(command("sh", "-c", "exit 1", ok=(0, 1))).code == 1


@pytest.mark.parametrize("reads", [True, False])
def test_a_killed_program_counts_as_128_and_the_signal(reads):
    assert Local().run(command("sh", "-c", "kill -9 $$", ok=range(256), reads=reads)).code == 137


@pytest.mark.parametrize("reads", [True, False])
def test_a_missing_program_names_the_task_that_helps(reads):
    with pytest.raises(AksFlowError, match=r"'no-such-program' is not installed.*inv doctor"):
        Local().run(command("no-such-program", reads=reads))


def test_dry_runs_what_reads_and_tells_the_rest():
    told = []
    dry = Dry(Local(), told.append)
    changing = command("touch", "/nowhere")
    assert dry.run(command("echo", "read", reads=True)).text == "read\n"
    assert dry.run(changing).stdout == b""
    assert told == [changing]


def test_a_followed_program_hands_on_its_lines_and_its_end():
    heard = queue.Queue()
    with Local().follow(command("sh", "-c", "echo one; echo two; echo wrong >&2; exit 3"), heard.put):
        said = [heard.get(timeout=30) for _ in range(3)]
    assert said == [b"one\n", b"two\n", Result(3, b"", b"wrong\n")]


def test_a_followed_program_ends_with_the_block_even_if_it_does_not_want_to(monkeypatch):
    monkeypatch.setattr(runner, "_PATIENCE", 0.1)
    heard = queue.Queue()
    stubborn = "import os, signal; signal.signal(15, lambda *_: 0); print(os.getpid(), flush=True)\n"
    loop = "while True: signal.pause()"
    with (
        suppress(KeyboardInterrupt),
        Local().follow(command(sys.executable, "-c", stubborn + loop), heard.put),
    ):
        pid = int(heard.get(timeout=30))
        raise KeyboardInterrupt
    assert not running(pid)
    assert heard.get(timeout=30).code == -signal.SIGKILL


WAYS = {
    "followed": "with Local().follow(child, lambda line: None): signal.pause()",
    "run": "Local().run(child)",
    "attached": "Local().attach(child)",
    "recorded": "Local().record(child, Path(sys.argv[1]).with_name('log'))",
    "before there is an environment": "Bare().run(child)",
    "run by a thread": "Thread(target=Local().run, args=(child,)).start()",
}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_program_outlives_a_parent_that_is_killed(tmp_path, way):
    note = tmp_path / "pid"
    program = (
        "import signal, sys\n"
        "from pathlib import Path\n"
        "from threading import Thread\n"
        "from aks_flow.core.command import command\n"
        "from aks_flow.core.runner import Bare, Local\n"
        "child = command('sh', '-c', 'echo $$ > $0.new; mv $0.new $0; exec sleep 60', sys.argv[1])\n"
        f"{way}\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(note)], env=ENVIRONMENT) as parent:
        wait.until(note.is_file, "the child", 20)
        parent.kill()
    assert wait.until(lambda: not running(int(note.read_text())), "the end", 30)


@pytest.mark.parametrize("runs", [Local, Bare])
def test_the_error_of_a_command_that_reads_secrets_shows_none_of_its_output(runs):
    reads = command("sh", "-c", "echo c2VjcmV0; exit 1", private=True)
    with pytest.raises(CommandFailed) as caught:
        runs().run(reads)
    assert "c2VjcmV0" not in str(caught.value).partition("ended with")[2] and "not shown" in str(caught.value)


@pytest.mark.parametrize("runs", [Local, Bare])
def test_it_shows_what_the_program_says_of_its_failure(runs):
    reads = command("sh", "-c", "echo c2VjcmV0; echo refused >&2; exit 1", private=True)
    with pytest.raises(CommandFailed, match="refused") as caught:
        runs().run(reads)
    assert "c2VjcmV0" not in str(caught.value).partition("ended with")[2]


@pytest.mark.parametrize("runs", [Local, Bare])
def test_a_program_cannot_ask_github_who_the_job_is(monkeypatch, runs):
    for name in ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"):
        monkeypatch.setenv(name, "asked")
    assert "asked" not in runs().run(command("env")).text
    given = command("env").with_env(ACTIONS_ID_TOKEN_REQUEST_TOKEN="given")
    assert "ACTIONS_ID_TOKEN_REQUEST_TOKEN=given" in runs().run(given).text


def test_no_log_has_what_goes_in_or_comes_out(caplog):
    caplog.set_level(logging.DEBUG)
    Local().run(command("cat", stdin=Secret("hunter2")))
    assert "hunter2" not in caplog.text


def test_a_background_process_outlives_the_call_and_can_be_stopped(tmp_path):
    pid = Local().start(command("sleep", "60"), tmp_path / "log")
    assert running(pid)
    os.kill(pid, signal.SIGTERM)
    assert os.waitpid(pid, 0)[1] == signal.SIGTERM


PUTS_IN_ORDER = "trap 'sleep 0.5; touch in-order; exit' INT; touch begun; sleep 60 & wait"
HEARS_NOTHING = "trap '' INT; trap 'touch told; exit' TERM; touch begun; while :; do sleep 0.1; done"


@pytest.mark.parametrize(
    ("script", "grace", "left"), [(PUTS_IN_ORDER, 30, "in-order"), (HEARS_NOTHING, 1, "told")]
)
def test_an_interrupted_program_puts_things_in_order_before_the_call_ends(
    tmp_path, monkeypatch, script, grace, left
):
    """As in a terminal, whose Ctrl-C reaches both."""
    wait_for = subprocess.Popen.wait

    def interrupted(process: subprocess.Popen, timeout: float | None = None) -> int:
        if timeout is not None:
            return wait_for(process, timeout)
        wait.until((tmp_path / "begun").exists, "the program", 30)
        process.send_signal(signal.SIGINT)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
    monkeypatch.setattr(runner, "_GRACE", grace)
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr(subprocess.Popen, "__exit__", lambda *_: None)
        Local().attach(command("sh", "-c", script, cwd=tmp_path))
    assert (tmp_path / left).is_file()


AFTER_FORK: list = []  # what the next fork calls in this process; Python takes no callback back
os.register_at_fork(after_in_parent=lambda: AFTER_FORK and AFTER_FORK.pop()())


def test_what_only_reads_is_not_forked(monkeypatch):
    """A fork copies this process's memory map; it took three quarters of a question to git."""
    monkeypatch.setattr(runner, "_tied", lambda: pytest.fail("a preexec_fn needs a fork"))
    assert Local().run(command("true", reads=True)).code == 0


def followed(child: Command) -> None:
    with Local().follow(child, lambda line: None):
        pass


@pytest.mark.parametrize(
    "begin",
    [
        Local().run,
        Bare().run,
        Local().attach,
        followed,
        lambda child: Local().record(child, Path(os.devnull)),
    ],
    ids=["run", "before there is an environment", "attached", "followed", "recorded"],
)
@pytest.mark.parametrize("number", STOPS)
def test_a_stop_that_comes_while_a_program_is_forked_is_not_lost(number, begin):
    before = signal.signal(number, signal.default_int_handler)
    AFTER_FORK.append(lambda: os.kill(os.getpid(), number))
    try:
        with pytest.raises(KeyboardInterrupt):
            begin(command("true"))
        assert not AFTER_FORK
    finally:
        signal.signal(number, before)
    assert Local().run(command("true")).code == 0


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("number", STOPS)
def test_a_child_takes_a_stop_as_any_program_does(number, reads):
    told = Local().run(command("sh", "-c", f"kill -{int(number)} $$", ok=range(256), reads=reads))
    assert told.code == 128 + number
