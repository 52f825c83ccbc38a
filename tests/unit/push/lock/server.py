"""kubectl as far as a lock needs it: one Lease with optimistic concurrency; and a clock to turn."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed

WORDS = {
    "AlreadyExists": "already exists",
    "Conflict": "the object has been modified",
    "NotFound": 'namespaces "vote-dev" not found',
    "Forbidden": "unable to create new content in namespace vote-dev because it is being terminated",
}


def refused(reason: str) -> Result:
    return Result(1, b"", f"Error from server ({reason}): {WORDS[reason]}\n".encode())


@dataclass
class Server:
    """``lease``: the object or None. ``trouble``: what writes are answered with while it is set.

    meanwhile: what somebody does before the next write is answered.
    """

    lease: dict | None = None
    namespace: bool = True
    appears: bool = False
    trouble: Result | None = None
    writes: int = 0
    meanwhile: Callable[[], None] | None = None
    ran: list[Command] = field(default_factory=list)

    def run(self, command: Command) -> Result:
        self.ran.append(command)
        if self.meanwhile and not command.reads:
            somebody, self.meanwhile = self.meanwhile, None
            somebody()
        verb = next(word for word in command.argv[1:] if not word.startswith("--"))
        answer = getattr(self, verb)(command)
        if answer.code not in command.ok:
            raise CommandFailed(command, answer)
        return answer

    def get(self, command: Command) -> Result:
        return Result(0, json.dumps(self.lease).encode() if self.lease else b"", b"")

    def create(self, command: Command) -> Result:
        if not self.namespace:
            return refused("NotFound")
        return self.trouble or (refused("AlreadyExists") if self.lease else self._store(command))

    def replace(self, command: Command) -> Result:
        version = json.loads(command.stdin)["metadata"]["resourceVersion"]
        if self.trouble:
            return self.trouble
        if not self.lease or self.lease["metadata"]["resourceVersion"] != version:
            return refused("Conflict" if self.lease else "NotFound")
        return self._store(command)

    def apply(self, command: Command) -> Result:
        """As kubectl, which looks before it makes: ``appears`` between the two."""
        if self.appears:
            self.namespace, self.appears = True, False
            return refused("AlreadyExists")
        was_there, self.namespace = self.namespace, True
        return Result(0, f"namespace/vote-dev {'unchanged' if was_there else 'created'}\n".encode(), b"")

    def _store(self, command: Command) -> Result:
        self.lease = json.loads(command.stdin)
        self.touch()
        return Result(0, json.dumps(self.lease).encode(), b"")

    def touch(self) -> None:
        """The object changes, if only in its version."""
        self.writes += 1
        self.lease["metadata"]["resourceVersion"] = str(self.writes)

    @property
    def holder(self) -> str:
        return self.lease["spec"].get("holderIdentity", "") if self.lease else ""


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds
