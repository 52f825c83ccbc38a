import os
import signal

import pytest

from scripts import wait
from scripts.command import Secret, command
from scripts.errors import AksFlowError
from scripts.runner import CommandFailed, Dry, Local, is_running, started_at, stop


def test_standard_input_and_output_pass_through_unchanged():
    data = bytes(range(256)) * 300
    assert Local().run(command("cat", stdin=data)).stdout == data


def test_secrets_reach_the_program_by_environment_and_standard_input():
    answer = Local().run(
        command("sh", "-c", 'cat; printf %s "$WORD"', stdin=Secret("in,"), env={"WORD": Secret("env")})
    )
    assert answer.text == "in,env"


def test_a_failure_shows_command_exit_code_and_last_lines_once():
    with pytest.raises(CommandFailed) as failure:
        Local().run(command("sh", "-c", "seq 1 30 >&2; exit 3"))
    text = str(failure.value)
    assert "`sh -c 'seq 1 30 >&2; exit 3'` ended with exit code 3:" in text
    assert text.splitlines()[1:] == [f"    {number}" for number in range(21, 31)]


def test_allowed_exit_codes_are_answers():
    assert Local().run(command("sh", "-c", "exit 1", ok=(0, 1))).code == 1


def test_a_killed_program_counts_as_128_and_the_signal():
    assert Local().run(command("sh", "-c", "kill -9 $$", ok=range(256))).code == 137


def test_a_missing_program_names_the_task_that_helps():
    with pytest.raises(AksFlowError, match=r"'no-such-program' is not installed.*inv doctor"):
        Local().run(command("no-such-program"))


def test_dry_runs_what_reads_and_tells_the_rest():
    told = []
    dry = Dry(Local(), told.append)
    changing = command("touch", "/nowhere")
    assert dry.run(command("echo", "read", reads=True)).text == "read\n"
    assert dry.run(changing).stdout == b""
    assert told == [changing]


def test_a_background_process_outlives_the_call_and_can_be_stopped(tmp_path):
    pid = Local().start(command("sleep", "60"), tmp_path / "log")
    assert is_running(pid) and started_at(pid)
    stop(pid)
    assert os.waitpid(pid, 0)[1] == signal.SIGTERM
    assert wait.until(lambda: not is_running(pid), "the end", 5)
