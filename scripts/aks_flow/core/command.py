"""Commands as values: an argument list, its standard input and its environment. Nothing here executes.

A secret is a type of its own. It reaches a program by standard input or environment, never by argv,
and every text form of a command shows it as ``***``.
"""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

MASK = "***"


class Secret:
    """A text that must not be shown: ``reveal()`` gives it, every other form is ``***``."""

    __slots__ = ("_text",)

    def __init__(self, text: str):
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __eq__(self, other) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self):
        raise TypeError("a Secret is not serialised")


@dataclass(frozen=True)
class Command:
    """One program call.

    argv: the program and its arguments, a tuple of str.
    stdin: bytes, text or Secret for standard input, or None.
    env: variables added to the environment; values are str or Secret.
    cwd: the directory to run in, or None for the current one.
    cluster: True if it talks to the cluster, and so runs where that can be reached.
    reads: True if the command changes nothing; only such commands run under ``--dry``.
    ok: the exit codes that are not failures.
    private: True if its standard output may hold secrets: no error shows that.
    litters: True if it leaves temporary files behind when it is interrupted.
    """

    argv: tuple[str, ...]
    stdin: bytes | str | Secret | None = None
    env: Mapping[str, str | Secret] = field(default_factory=dict)
    cwd: Path | None = None
    reads: bool = False
    cluster: bool = False
    ok: tuple[int, ...] = (0,)
    private: bool = False
    litters: bool = False

    def __post_init__(self):
        if any(isinstance(argument, Secret) for argument in self.argv):
            raise TypeError("a secret may not be an argument: other users can read argv")

    def with_env(self, **variables: str | Secret) -> "Command":
        return replace(self, env={**self.env, **variables})

    def __str__(self) -> str:
        """The call as a person would type it; environment values and standard input are not shown."""
        return shlex.join(self.argv)


@dataclass(frozen=True)
class Result:
    """What a command answered: exit code, standard output and standard error as bytes."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        return self.stdout.decode(errors="replace")

    @property
    def error_text(self) -> str:
        return self.stderr.decode(errors="replace")


def command(*argv: object, reads: bool = False, ok: Iterable[int] = (0,), **rest) -> Command:
    """``command("git", "status", reads=True)``: arguments are made text one by one, never joined."""
    words = tuple(word if isinstance(word, Secret) else str(word) for word in argv)
    return Command(words, reads=reads, ok=tuple(ok), **rest)


def flags(**values: object) -> tuple[str, ...]:
    """A program's options, in the one form that is used here: ``--output=json --wait``.

    ``flags(output="json", wait=True, label=["a", "b"], context=None)``: True gives the option alone, a list
    one option for each item; None and False leave it out.
    """
    return tuple(option for name, value in values.items() for option in _options(name, value))


def _options(name: str, value: object) -> list[str]:
    option = f"--{name.replace('_', '-')}"
    if value is None or isinstance(value, bool):
        return [option] if value else []
    return [f"{option}={item}" for item in (value if isinstance(value, list | tuple) else [value])]
