"""What a terminal is shown: styled as it can, and not at all where NO_COLOR asks for that."""

import os
import pty
import subprocess
import sys

import pytest

from tests.package import ENVIRONMENT

SHOWN = """
from aks_flow import report
from aks_flow.core.steps import Steps
from aks_flow.report.progress import Live
from aks_flow.rollout.watch.failure import BadVerdict, RolloutFinding
report.table('pods', ['name'], [['front']])
steps = Steps(Live())
with steps('apply') as step: step.note = 'done'
report.failure(BadVerdict('dev', (RolloutFinding('crash-loop', 'deployment/web', 'it ended'),)))
"""


def shown(**variables: str) -> str:
    """What a terminal gets."""
    terminal, end = pty.openpty()
    environment = {name: text for name, text in ENVIRONMENT.items() if name not in ("CI", "NO_COLOR")}
    command = [sys.executable, "-c", SHOWN]
    given = environment | {"TERM": "xterm-256color"} | variables
    with subprocess.Popen(command, stdout=end, stderr=end, env=given) as process:
        os.close(end)
        output = b"".join(_read(terminal))
    assert process.returncode == 0, output
    return output.decode()


def _read(terminal: int):
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # how a terminal's end is told on Linux
            return
        if not data:
            return
        yield data


def test_a_terminal_is_shown_styles():
    text = shown()
    assert "\x1b[1m" in text and "\x1b[2m" in text and "crash-loop" in text


@pytest.mark.parametrize("value", ["1", "true", "0"])
def test_no_color_means_none(value):
    text = shown(NO_COLOR=value)
    assert [mark for mark in text.split("\x1b[")[1:] if mark.split("m")[0].replace(";", "").isdigit()] == []
    assert "crash-loop" in text and "apply" in text


def test_an_empty_no_color_asks_for_nothing():
    assert "\x1b[1m" in shown(NO_COLOR="")
