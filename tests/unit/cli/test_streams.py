"""A run goes on where nobody hears what it says, or it cannot be written; an answer that was lost is said."""

import os
import subprocess
import sys

import pytest

from tests.package import ENVIRONMENT

# It says more than a pipe holds, does its work, and ends as it was told to.
RUN = """
import sys
from pathlib import Path

from aks_flow.cli import streams

with streams.lasting():
    for _ in range(3000):
        print("ok     a step of a delivery that has a long note", flush=True)
        sys.stderr.write("a note\\n")
    print(f"{sys.stdout.isatty()} é✓")
    Path(sys.argv[1]).write_text("delivered")
    sys.exit(int(sys.argv[2]))
"""


def run(tmp_path, redirected: str, code: int = 0, **variables: str) -> subprocess.CompletedProcess:
    """By a shell, so that it gets its streams as a person gives them."""
    line = f'"$0" -c "$1" {tmp_path}/done {code} {redirected}'
    environment = {**os.environ, **ENVIRONMENT, **variables}
    words = ["bash", "-o", "pipefail", "-c", line, sys.executable, RUN]
    return subprocess.run(words, capture_output=True, env=environment, timeout=60)


@pytest.mark.parametrize("code", [0, 17])
@pytest.mark.parametrize(
    "redirected",
    ["| head -n 1", "2>&1 >/dev/null | head -n 1", ">&-", "2>&- >/dev/null", "<&- >&- 2>&-", "2> /dev/full"],
)
def test_a_run_without_a_reader_goes_on_and_has_its_own_exit_code(tmp_path, redirected, code):
    told = run(tmp_path, redirected, code)
    assert (tmp_path / "done").read_text() == "delivered"
    assert told.returncode == code
    assert b"Traceback" not in told.stderr and b"Exception" not in told.stderr


@pytest.mark.parametrize(("code", "end"), [(0, 1), (17, 17)])
def test_an_answer_that_a_full_disk_does_not_take_is_said_at_the_end(tmp_path, code, end):
    told = run(tmp_path, "> /dev/full", code)
    assert (tmp_path / "done").exists() and told.returncode == end
    [said] = {line for line in told.stderr.splitlines() if line != b"a note"}
    assert said.startswith(b"error: standard output cannot be written: No space left on device; ")


def test_a_letter_that_the_terminal_does_not_have_is_shown_as_its_code(tmp_path):
    told = run(tmp_path, "", PYTHONIOENCODING="ascii")
    assert told.returncode == 0 and told.stdout.splitlines()[-1] == rb"False \xe9\u2713"


def test_a_pipe_that_another_program_made_non_blocking_gets_all(tmp_path):
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    words = [sys.executable, "-c", RUN, tmp_path / "done", "0"]
    environment = {**os.environ, **ENVIRONMENT}
    with subprocess.Popen(words, stdout=writer, stderr=subprocess.PIPE, env=environment) as process:
        os.close(writer)
        with os.fdopen(reader, "rb") as output:
            lines = output.read().splitlines()
    assert (process.returncode, len(lines)) == (0, 3001)
