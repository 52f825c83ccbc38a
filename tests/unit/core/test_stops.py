"""What a run that is stopped still does, and what it was told to ignore from its beginning."""

import signal
import subprocess
import sys

import pytest

from aks_flow.core.stops import STOPS
from tests.package import ENVIRONMENT, hear_stops

RUN = """
import os
import sys

from aks_flow.core import stops
from aks_flow.core.command import command
from aks_flow.core.runner import Local

stops.become_interrupts()
number = int(sys.argv[1])
try:
    child = command("sh", "-c", "kill -$0 $$; echo outlasts it", str(number), ok=range(256))
    print(Local().run(child).text, end="", flush=True)
    os.kill(os.getpid(), number)
except KeyboardInterrupt:
    print("put in order")
"""


def run(number: int, first: str = "") -> str:
    line = f'{first} exec "$0" -c "$1" {int(number)}'
    words = ["sh", "-c", line, sys.executable, RUN]
    settings = {"env": ENVIRONMENT, "preexec_fn": hear_stops}
    return subprocess.run(words, capture_output=True, text=True, check=True, **settings).stdout


@pytest.mark.parametrize("number", STOPS)
def test_a_stop_lets_a_run_put_things_in_order(number):
    assert run(number) == "put in order\n"


def test_under_nohup_neither_a_run_nor_its_programs_end_with_the_terminal():
    assert run(signal.SIGHUP, "trap '' HUP;") == "outlasts it\n"


def test_a_run_that_a_script_has_beside_others_ignores_ctrl_c():
    assert run(signal.SIGINT, "trap '' INT;") == ""
