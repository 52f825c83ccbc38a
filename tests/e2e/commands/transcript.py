r"""Transcripts: commands and their answers as a person would note them down.

# a group: its commands run in order, in a namespace of their own
$ kubectl get pods -o name          the command; NAME=VALUE before it sets its environment
< {apiVersion: v1, kind: …}         a line of its input
  pod/web                           the whole answer, standard output before standard error;
  (nothing)                         an empty one
  ~ ^pod/web-\w+$                   or instead patterns that some line shows
  !~ Error                          and that none does
  [1]                               the exit code, if it is not 0
$ kubectl logs web   # within 5 s   repeated until the answer is this one
"""

import re
import shlex
from dataclasses import dataclass, field

from tests.e2e.kubectl import Answer

_WITHIN = re.compile(r" +# within (\d+) s$")


@dataclass
class Command:
    """lines: the whole answer, None if it is told by patterns. within: seconds to repeat it for."""

    text: str
    environment: dict[str, str]
    arguments: list[str]
    within: int = 0
    stdin: list[str] = field(default_factory=list)
    lines: list[str] | None = None
    shows: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    exit: int = 0

    def expect(self, line: str) -> None:
        """Take in a line of the expected answer."""
        if code := re.fullmatch(r"\[(\d+)\]", line):
            self.exit = int(code[1])
        elif line.startswith("~ "):
            self.shows.append(line[2:])
        elif line.startswith("!~ "):
            self.lacks.append(line[3:])
        else:
            self.lines = [*(self.lines or ()), *([line] if line != "(nothing)" else [])]

    def faults(self, answer: Answer) -> list[str]:
        """In what an answer differs from the expected one."""
        said = [line.rstrip() for line in (answer.stdout + "\n" + answer.stderr).splitlines() if line.strip()]
        text = "\n".join(said)
        return [
            *([f"exit code {answer.exit}, not {self.exit}"] if answer.exit != self.exit else []),
            *(["another answer"] if self.lines not in (None, said) else []),
            *(f"nothing like {each}" for each in self.shows if not re.search(each, text, re.M)),
            *(f"something like {each}" for each in self.lacks if re.search(each, text, re.M)),
        ]


def parse(text: str) -> dict[str, list[Command]]:
    """The commands of each group."""
    groups: dict[str, list[Command]] = {}
    for line in text.splitlines():
        if line.startswith("# "):
            commands = groups[line[2:]] = []
        elif line.startswith("$ "):
            commands.append(_command(line[2:]))
        elif line.startswith("< "):
            commands[-1].stdin.append(line[2:])
        elif line.strip():
            commands[-1].expect(line.removeprefix("  "))
    return groups


def _command(text: str) -> Command:
    within = _WITHIN.search(text)
    words = shlex.split(_WITHIN.sub("", text))
    at = words.index("kubectl")
    environment = dict(word.split("=", 1) for word in words[:at])
    return Command(text, environment, words[at + 1 :], int(within[1]) if within else 0)
