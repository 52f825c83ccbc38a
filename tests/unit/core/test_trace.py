"""A run's times as a file: what is in it, and that nothing is where nobody asked for it."""

import json
import threading

import pytest

from aks_flow.core import trace, wait
from aks_flow.core.command import Secret, command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Local
from aks_flow.core.steps import Silent, Steps


def events(file):
    """Every event but the rows' names and the start, by its name."""
    written = json.loads(file.read_text())["traceEvents"]
    return {event["name"]: event for event in written if event["ph"] == "X" and event["cat"] != trace.START}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "trace.json"


def test_steps_commands_and_waits_are_there_with_their_cause(file):
    with trace.recording(str(file)), Steps(Silent())("build"):
        Local().run(command("true", "--now"))
        wait.until(lambda: True, "the moment", 1)
    written = events(file)
    assert {name: event["cat"] for name, event in written.items()} == {
        "true --now": trace.COMMAND,
        "the moment": trace.WAIT,
        "build": trace.STEP,
    }
    assert written["true --now"]["args"]["step"] == written["the moment"]["args"]["step"] == "build"


def test_what_is_inside_lies_inside(file):
    steps = Steps(Silent())
    with trace.recording(str(file)), steps("outer"), steps("inner"):
        pass
    outer, inner = events(file)["outer"], events(file)["inner"]
    assert outer["ts"] <= inner["ts"] and inner["dur"] <= outer["dur"]
    assert inner["args"]["step"] == "outer" and outer["args"]["step"] == ""


def test_threads_have_rows_of_their_own(file):
    def work():
        with trace.span("beside", trace.COMMAND):
            pass

    with trace.recording(str(file)):
        with trace.span("here", trace.COMMAND):
            pass
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert events(file)["here"]["tid"] != events(file)["beside"]["tid"]


def test_the_run_that_fails_is_recorded_too(file):
    with pytest.raises(CommandFailed), trace.recording(str(file)):
        Local().run(command("false"))
    assert "false" in events(file)


def test_no_secret_is_in_it(file):
    with trace.recording(str(file)):
        Local().run(command("true", stdin=Secret("hush")).with_env(TOKEN=Secret("hush")))
    assert "hush" not in file.read_text()


def test_the_start_comes_first(file):
    with trace.recording(str(file)), trace.span("work", trace.COMMAND):
        pass
    written = [event for event in json.loads(file.read_text())["traceEvents"] if event["ph"] == "X"]
    assert written[0]["cat"] == trace.START and written[0]["dur"] > 0


def test_nothing_is_noted_unless_asked_for(tmp_path):
    with trace.recording(""), trace.span("work", trace.COMMAND):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_ends_the_run_before_it_begins(tmp_path):
    begun = []
    missing = str(tmp_path / "missing" / "trace.json")
    with pytest.raises(AksFlowError, match="the trace cannot be written"), trace.recording(missing):
        begun.append(1)
    assert not begun
