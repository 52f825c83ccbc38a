"""A drill and its result, as values. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.rollout.verdict import reasons

PUSH, PULL = "push", "pull"
_VERDICT = re.compile(r" is bad: ([a-z-]+)")


@dataclass(frozen=True)
class Said:
    """What a delivery answered: its exit code, both outputs, and how long it took (seconds)."""

    exit: int
    text: str
    seconds: float

    @property
    def reason(self) -> str:
        """The reason of a bad verdict, "" without one."""
        found = _VERDICT.search(self.text)
        return found[1] if found else ""

    @property
    def error(self) -> str:
        """The error's first line, "" without one."""
        return next((line for line in self.text.splitlines() if line.startswith("error: ")), "")


@dataclass(frozen=True)
class Expected:
    """exit: the code. reason: a bad verdict's. words: a pattern that the output has. within: seconds."""

    exit: int
    within: float
    reason: str = ""
    words: str = ""

    @classmethod
    def verdict(cls, reason: str, within: float) -> "Expected":
        return cls(reasons.EXIT_CODES[reason], within, reason)

    def __str__(self) -> str:
        words = self.words.replace(r"\d+", "N")
        return f"{self.reason or words or 'good'}, exit {self.exit}"


@dataclass(frozen=True)
class Drill:
    """act: make the fault, deliver, put everything right again; what the delivery answered."""

    name: str
    path: str
    expected: Expected
    act: Callable[["object"], Said]


@dataclass(frozen=True)
class Result:
    drill: Drill
    said: Said

    @property
    def met(self) -> bool:
        wanted, said = self.drill.expected, self.said
        right = (said.exit, said.reason) == (wanted.exit, wanted.reason)
        return right and bool(re.search(wanted.words, said.text)) and said.seconds <= wanted.within

    @property
    def seen(self) -> str:
        said, words = self.said, self.drill.expected.words
        found = re.search(words, said.text) if words else None
        return f"{said.reason or (found[0] if found else said.error) or 'good'}, exit {said.exit}"

    def row(self) -> list[str]:
        drill = self.drill
        took, limit = f"{self.said.seconds:.1f}", f"{drill.expected.within:g}"
        return [
            drill.name,
            drill.path,
            str(drill.expected),
            self.seen,
            took,
            limit,
            "yes" if self.met else "NO",
        ]
