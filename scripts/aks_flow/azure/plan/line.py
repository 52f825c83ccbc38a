"""A line of a plan: one thing in Azure, and what is to be done about it."""

from dataclasses import dataclass

from aks_flow.core.command import Command

UNCHANGED, CREATE, UPDATE, REMOVE, WAIT, IMPOSSIBLE = (
    *("unchanged", "create", "update"),
    *("remove", "wait", "impossible"),
)


@dataclass(frozen=True)
class Line:
    """verb: one of the words above. why: what differs. do: what a person can do about the ``impossible``.

    after: what must exist before the command is known; "" if it can be run.
    """

    thing: str
    verb: str
    why: str = ""
    command: Command | None = None
    after: str = ""
    do: str = ""

    @property
    def settled(self) -> bool:
        return self.verb == UNCHANGED


def as_wanted(thing: str) -> Line:
    return Line(thing, UNCHANGED)
