"""A server that says what time it is."""

from email.utils import formatdate

from aks_flow.core.command import Command, Result


def is_asked(command: Command) -> bool:
    return "--raw=/version" in command.argv


def told(seconds: float | None = None) -> Result:
    """kubectl's answer, with the date in what it logs; now unless said."""
    date = formatdate(seconds, usegmt=True)
    return Result(0, b"{}", f"I0101 00:00:00.0 1 round_trippers.go:632]  Date: {date}\n".encode())
