"""A drill and its result, as values. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aks_flow.rehearsal.scenarios.drills.project import DrilledProject
from aks_flow.rollout.verdict import reasons

PUSH, PULL = "push", "pull"


@dataclass(frozen=True)
class TaskAnswer:
    """What a task answered.

    exit: its exit code. document: what it printed with --json, {} for nothing. error: its error's sentences,
    "" without one. seconds: how long it took.
    """

    exit: int
    document: Mapping[str, Any]
    error: str
    seconds: float

    @property
    def reason(self) -> str:
        """The reason of a bad verdict, "" without one."""
        return self.document.get("verdict", "")

    @property
    def undone(self) -> str:
        """What became of the environment after a bad verdict, as `Undone.status` has it; "" without one."""
        return (self.document.get("undone") or {}).get("status", "")

    @property
    def removed(self) -> list[str]:
        """What a push removed, of what had left the manifests."""
        return self.document.get("outcome", {}).get("removed", [])

    def step_seconds(self, name: str) -> float:
        """How long the steps of that name took together, 0 if there was none."""
        return sum(step["seconds"] for step in self.document.get("steps", ()) if step["name"] == name)


@dataclass(frozen=True)
class Expected:
    """What a delivery is to answer.

    exit: the code. within: seconds. reason: a bad verdict's. error: words that its error has to hold.
    steps: least seconds of single steps, by name. undone: what becomes of the environment, "" for anything.
    removed: what a push is to remove.
    """

    exit: int
    within: float
    reason: str = ""
    error: str = ""
    steps: Mapping[str, float] = field(default_factory=dict)
    undone: str = ""
    removed: tuple[str, ...] = ()

    @classmethod
    def verdict(cls, reason: str, within: float) -> "Expected":
        return cls(reasons.EXIT_CODES[reason], within, reason)

    def __str__(self) -> str:
        steps = "".join(f", {name} ≥ {seconds:g} s" for name, seconds in self.steps.items())
        undone = f", {self.undone}" if self.undone else ""
        name = self.reason or self.error or "good"
        return f"{name}, exit {self.exit}{undone}{steps}{_gone(self.removed)}"


def _gone(names: Iterable[str]) -> str:
    return "".join(f", {name} removed" for name in names)


def has_all(project: DrilledProject) -> str:
    """For a drill that every project can have."""
    return ""


@dataclass(frozen=True)
class Drill:
    """act: make the fault, deliver, put everything right again; what the delivery answered.

    lacks: what a project lacks for it, as a sentence's end; "" if it has all.
    """

    name: str
    path: str
    expected: Expected
    act: Callable[["object"], TaskAnswer]
    lacks: Callable[[DrilledProject], str] = has_all


@dataclass(frozen=True)
class DrillResult:
    """A drill, and what the delivery answered.

    lacks: what the project lacks for it; then it was not held. failed: why its fault could not be made or
    taken back, "" if it could.
    """

    drill: Drill
    answer: TaskAnswer | None
    lacks: str = ""
    failed: str = ""

    @property
    def met(self) -> bool:
        """Whether the answer is the expected one, and came in time.

        A project that lacks something misses nothing; a drill that failed is missed.
        """
        if self.answer is None:
            return not self.failed
        expected, answer = self.drill.expected, self.answer
        waited = all(answer.step_seconds(name) >= least for name, least in expected.steps.items())
        right = (answer.exit, answer.reason) == (expected.exit, expected.reason) and waited
        right = right and expected.undone in ("", answer.undone)
        right = right and set(expected.removed) <= set(answer.removed)
        return right and expected.error in answer.error and answer.seconds <= expected.within

    @property
    def seen(self) -> str:
        """The answer in a few words: reason or error, exit code, and seconds of the steps that count."""
        if self.answer is None:
            return f"failed: {self.failed}" if self.failed else f"not offered: {self.lacks}"
        expected, answer = self.drill.expected, self.answer
        named = bool(expected.error) and expected.error in answer.error
        error = expected.error if named else answer.error.partition("\n")[0]
        steps = "".join(f", {name} {answer.step_seconds(name):.0f} s" for name in expected.steps)
        undone = f", {answer.undone}" if expected.undone else ""
        removed = _gone(name for name in expected.removed if name in answer.removed)
        return f"{answer.reason or error or 'good'}, exit {answer.exit}{undone}{steps}{removed}"
