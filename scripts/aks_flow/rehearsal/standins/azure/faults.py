"""Faults for tests and drills, as data: ``faults.yaml`` in the stand-in's folder, read when it changes.

Each entry: ``at`` (what it strikes, with * and ?), how often (``times``: default 1, 0 always), what happens.
docs/azure-rehearsal.md lists what each place understands.
"""

import fnmatch
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

log = logging.getLogger(__name__)
FILE = "faults.yaml"


@dataclass
class InjectedFault:
    """at: a pattern of ``METHOD TYPE NAME`` or of a place's own word. left: strikes left, None: no end."""

    at: str
    left: int | None
    settings: dict[str, Any] = field(default_factory=dict)


class Faults:
    """The file's entries and how often each has struck since it was written."""

    def __init__(self, folder: Path):
        self._file = folder / FILE
        self._seen: tuple[int, int] | None = None
        self._faults: list[InjectedFault] = []

    def strike(self, event: str) -> dict[str, Any] | None:
        """The settings of the fault at ``event``, which counts as one strike; None without a fault."""
        fault = self._find(event)
        if fault and fault.left is not None:
            fault.left -= 1
        return fault.settings if fault else None

    def setting(self, event: str, name: str, default: Any) -> Any:
        """A setting of the entry for ``event``; it does not count as a strike."""
        fault = self._find(event)
        return fault.settings.get(name, default) if fault else default

    def _find(self, event: str) -> InjectedFault | None:
        self._read()
        words = event.lower()
        return next((f for f in self._faults if f.left != 0 and fnmatch.fnmatchcase(words, f.at)), None)

    def _read(self) -> None:
        stamp = self._stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            entries = (yaml.safe_load(self._file.read_text()) or []) if stamp else []
            self._faults = [_fault(entry) for entry in entries]
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            self._faults = []
            log.warning("%s cannot be read, and counts for nothing: %r", self._file, error)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            stat = self._file.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino


def _fault(entry: dict[str, Any]) -> InjectedFault:
    settings = {key: value for key, value in entry.items() if key not in ("at", "times")}
    return InjectedFault(str(entry["at"]).lower(), entry.get("times", 1) or None, settings)
