"""git: argument lists and parsers, a file for each thing that git works on.

Writing an object changes nothing that anyone sees, so those commands count as reading. Options for which git
has one letter only (-C, -c, -b, -B, -m, -p, -w, -z) stay so.
"""

from pathlib import Path

from aks_flow.core.command import Command, Result, command

ANY = range(256)
NO_OBJECT = 128  # git's exit code for a name that leads to no object
ENGLISH = {"LC_ALL": "C"}  # for refusals, which are told apart by their words
NO_PROMPT = {**ENGLISH, "GIT_TERMINAL_PROMPT": "0"}


_NOISE = ("To ", "From ", "hint:", "failed to push some refs", "Not committing merge")
_BEFORE = ("remote:", "fatal:", "error:")


def lines(text: str) -> list[str]:
    """What git prints one a line; a name may hold any other character that breaks lines."""
    return [line for line in text.split("\n") if line]


def reason(answer: Result) -> str:
    """Why git refused, in its own words or a hook's, in one line."""
    said = [_plain(line) for line in lines(answer.error_text or answer.text)]
    words = dict.fromkeys(line for line in said if line and not line.startswith(_NOISE))
    return "; ".join(words) or "git gave no reason"


def _plain(line: str) -> str:
    for mark in _BEFORE:
        line = line.strip().removeprefix(mark)
    return line.strip()


def git(repo: Path, *words: object, **settings) -> Command:
    """git in a repository; settings: see `Command`."""
    return command("git", "-C", repo, *words, **settings)
