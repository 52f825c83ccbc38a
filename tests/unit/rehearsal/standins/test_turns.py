"""Two runs in one clone's rehearsal: one after the other, and none waits for a dead one."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aks_flow.core.config import Config
from aks_flow.rehearsal.standins import turns
from tests.e2e.standin import configuration
from tests.package import ENVIRONMENT

DEADLINE = 60
HOLD = """
import sys
from pathlib import Path
from aks_flow.rehearsal.standins import turns
from tests.e2e.standin import configuration
with turns.turn(configuration(Path({root!r})), print):
    print("holds", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return configuration(tmp_path)


def test_a_second_run_says_that_it_waits_and_goes_on_after_the_first(config):
    said, waits, entered = [], threading.Event(), threading.Event()

    def second() -> None:
        with turns.turn(config, lambda text: (said.append(text), waits.set())):
            entered.set()

    thread = threading.Thread(target=second)
    with turns.turn(config, said.append):
        thread.start()
        assert waits.wait(DEADLINE)
        assert not entered.is_set()
    assert entered.wait(DEADLINE)
    thread.join(DEADLINE)
    assert said == ["another run works in this rehearsal: waiting for its end"]


def test_nobody_waits_for_a_run_that_was_killed(config, tmp_path):
    command = [sys.executable, "-c", HOLD.format(root=str(tmp_path))]
    first = subprocess.Popen(
        command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout.readline() == "holds\n"
    first.kill()
    first.wait(DEADLINE)
    said = []
    with turns.turn(config, said.append):
        assert said == []
    first.stdin.close()
    first.stdout.close()
