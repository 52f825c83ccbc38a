"""gh: argument lists and parsers for pull requests."""

import json
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command, flags

ANY = range(256)


@dataclass(frozen=True)
class Requests:
    """Pull requests of one repository: the one at an address, or (if that is "") the one of ``folder``."""

    folder: Path
    repository: str = ""

    def open(self, head: str, base: str) -> Command:
        """The addresses of open requests between two branches."""
        return self._command("list", *flags(head=head, base=base, state="open", json="url"), reads=True)

    def create(self, head: str, base: str, title: str, body: str) -> Command:
        """Its last line of output is the address."""
        words = flags(head=head, base=base, title=title, body_file="-")
        return self._command("create", *words, stdin=body)

    def _command(self, verb: str, *words: str, **rest) -> Command:
        where = flags(repo=self.repository or None)
        return command("gh", "pr", verb, *where, *words, cwd=self.folder, ok=ANY, **rest)


def parse_open(text: str) -> str:
    """The first address, or ""."""
    return next((request["url"] for request in json.loads(text)), "")


def parse_created(text: str) -> str:
    return text.strip().splitlines()[-1]
