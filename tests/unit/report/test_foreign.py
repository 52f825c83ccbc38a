"""Text from outside is neither markup nor a command, whoever reads it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow import report
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Step
from aks_flow.report import foreign, job_summary
from aks_flow.report.progress import Live, Plain

HOSTILE = {
    "markup of rich": "[red]gone[/red] [/] [link=http://evil]x[/link]",
    "an unclosed tag": "[/nothing] [",
    "a command of a workflow": "::stop-commands::pause",
    "one with properties": "  ::warning file=a.py,line=1::look here",
    "one in a later line": "fine\n::add-mask::secret\nfine",
    "an older command": "noise ##[group]hidden",
    "an escape of a terminal": "\x1b[2J\x1b]0;title\x07gone",
    "a C1 escape": "\x9b31mred",
    "a line that is written over": "all is bad\rall is well",
    "text that runs backwards": "user\u202etxt.exe",
    "a title of a window": "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
}
COMMAND = re.compile(r"^\s*::[A-Za-z]|##\[", re.MULTILINE)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def step(note: str) -> Step:
    return Step("rollout", 0.0, 1.0, note)


def table(text: str) -> None:
    report.table(text, ["reason"], [[text]])


def on_a_terminal(text: str) -> None:
    live = Live()
    live.begin(step(text))
    live.end(step(text), failed=False)


SHOW = {
    "say": report.say,
    "note": report.note,
    "diff": report.diff,
    "table": table,
    "failure": lambda text: report.failure(AksFlowError(text, next_step=text)),
    "finding": lambda text: report.finding(text, "a.py", 1),
    "a step in a log": lambda text: Plain().end(step(text), failed=True),
    "a step on a terminal": on_a_terminal,
}


@pytest.mark.parametrize("show", SHOW.values(), ids=SHOW)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_text_from_outside_is_shown_and_does_nothing(monkeypatch, capsys, tmp_path, show, text):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    show(text)
    output = capsys.readouterr()
    ours = [line for line in output.err.splitlines() if not line.startswith("::error")]
    log = output.out + "\n".join(ours)
    assert not COMMAND.search(log) and not CONTROL.search(log)
    words = re.sub(r"\W+", "", text)
    assert words[:8] in re.sub(r"\W+|x1b|x9b|u202e", "", log) or not words


@given(st.text())
def test_whatever_is_shown_holds_no_control_character_and_no_command(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_ACTIONS", "true")
        safe = foreign.shown(text)
    assert not COMMAND.search(safe) and not CONTROL.search(safe)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("[click](http://evil)", r"\[click\](http://evil)"),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"),
        ("# A heading", r"\# A heading"),
        ("a | b", r"a \| b"),
        ("one\ntwo", "one<br>two"),
        ("`code` *loud* ~gone~", r"\`code\` \*loud\* \~gone\~"),
        ("\x1b[31m", r"\\x1b\[31m"),
    ],
)
def test_in_a_summary_a_text_is_neither_link_nor_html(tmp_path, monkeypatch, text, markdown):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    job_summary.line(text)
    assert (tmp_path / "summary.md").read_text() == f"{markdown}\n\n"


def test_an_output_stays_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    job_summary.output("version", "1.0.0\nbuilt=true")
    assert (tmp_path / "output").read_text() == "version=1.0.0\\nbuilt=true\n"


def test_what_no_runner_reads_stays_as_it_is(monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert foreign.shown("::1\t[::1] ##[x] é\n") == "::1\t[::1] ##[x] é\n"
