"""The steps of the conformance test: what was recorded, in the order that replay.yaml gives."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.conformance.exchanges import Exchange

FOLDER = Path(__file__).parent
DATA = FOLDER / "data"
EXTRA = FOLDER / "extra"


@dataclass(frozen=True)
class Until:
    """A command that reads, repeated until its output shows one pattern and lacks another."""

    command: str
    shows: str = ""
    lacks: str = "$^"  # matches nothing


@dataclass(frozen=True)
class Step:
    """One recorded command and its answer. ``stdout`` is a text, or what was JSON; ``http``, exchanges."""

    name: str
    command: str
    stdin: str
    exit: int
    stdout: Any
    stderr: str
    http: list[Exchange]
    before: list[str] = field(default_factory=list)
    until: Until | None = None
    arrangement: str = "lines"
    optional: str = ""
    ignore: list[str] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)


def load() -> list[Step]:
    """Every step in the order of replay.yaml."""
    return [_step(*_entry(item)) for item in yaml.safe_load((FOLDER / "replay.yaml").read_text())]


def accepted() -> dict[str, str]:
    """Step name -> why the rehearsal cluster's answer differs from a standard cluster's."""
    return yaml.safe_load((FOLDER / "accepted.yaml").read_text()) or {}


def _entry(item: str | dict) -> tuple[str, dict]:
    return (item, {}) if isinstance(item, str) else next((name, rules) for name, rules in item.items())


def _step(name: str, rules: dict) -> Step:
    recorded = json.loads((DATA / "steps" / f"{name}.json").read_text())
    until = Until(**rules.pop("until")) if "until" in rules else None
    recorded["http"] = [Exchange(*entry) for entry in recorded["http"]]
    return Step(name=name, until=until, **recorded, **rules)
