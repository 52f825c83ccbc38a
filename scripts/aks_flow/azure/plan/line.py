"""A line of a plan: one thing in Azure, and what is to be done about it."""

from dataclasses import dataclass

from aks_flow.core.command import Command

UNCHANGED, CREATE, UPDATE, REMOVE = "unchanged", "create", "update", "remove"
WAIT, IMPOSSIBLE = "wait", "impossible"


@dataclass(frozen=True)
class Line:
    """One thing of the plan.

    verb: one of the words above. why: what differs. command: what changes it. after: what must exist before
    the command is known, "" if it can be run. do: what a person can do about the ``impossible``.
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


def unchanged(thing: str) -> Line:
    """The line of a thing that is as it should be."""
    return Line(thing, UNCHANGED)
