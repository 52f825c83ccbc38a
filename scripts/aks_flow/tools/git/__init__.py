"""git: argument lists and parsers, a file for each thing that git works on.

Writing an object changes nothing that anyone sees, so those commands count as reading. Options for which git
has one letter only (-C, -c, -b, -B, -m, -p, -w, -z) stay so.
"""

from pathlib import Path

from aks_flow.core.command import Command, command

ANY = range(256)
NO_OBJECT = 128  # git's exit code for a name that leads to no object
ENGLISH = {"LC_ALL": "C"}  # for refusals, which are told apart by their words
NO_PROMPT = {**ENGLISH, "GIT_TERMINAL_PROMPT": "0"}


def git(repo: Path, *words: object, **settings) -> Command:
    """git in a repository; settings: see `Command`."""
    return command("git", "-C", repo, *words, **settings)
