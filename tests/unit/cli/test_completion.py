"""What the TAB key completes after ./inv, in a bash that has sourced the script that ./inv prints."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# What bash does when somebody presses TAB at the end of the words $@.
PRESS_TAB = """
source <(./inv --print-completion-script bash)
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
function=$(complete -p "$1" | sed 's/.*-F \\([^ ]*\\).*/\\1/')
"$function" "$1" "${@: -1}" "${@: -2:1}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def pressed(*words: str) -> tuple[list[str], str]:
    """What bash offers, and what is written over the command line meanwhile."""
    environment = {**os.environ, "AKSFLOW_VENV": sys.prefix}
    ran = subprocess.run(
        ["bash", "-c", PRESS_TAB, "bash", *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    return ran.stdout.split(), ran.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["./inv", "rehearse"], ["rehearse"]),
        (["inv", "rehearse"], ["rehearse"]),
        (["./inv", "push.pl"], ["push.plan"]),
        (["./inv", "push.plan", "image.p"], ["image.push"]),
        (["./inv", "push", "--str"], ["--strategy"]),
        (["./inv", "push", "--strategy", "canary", "--e"], ["--env"]),
        (["./inv", "push", "dev", "--str"], ["--strategy"]),
        (["./inv", "push.lock", "--reason", '"two words"', "--e"], ["--env"]),
        (["./inv", "drill", "crash-loop", "--j"], ["--json"]),
        (["./inv", "flow.feature.start", "--pu"], ["--push"]),
        (["./inv", "--list-f"], ["--list-format"]),
    ],
    ids=" ".join,
)
def test_tasks_and_flags_are_completed(words, offered):
    assert pressed(*words) == (offered, "")


@pytest.mark.parametrize(
    "words",
    [
        ["./inv", "push.lock", "--reason", '"two wor'],
        ["./inv", "rehearsal.logs", "--lines", "many", "--n"],
        ["./inv", "no-such-task"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_completed_leaves_the_command_line_alone(words):
    assert pressed(*words) == ([], "")
