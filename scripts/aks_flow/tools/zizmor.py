"""zizmor: the audit of workflow files, offline, and what it found (its format json-v1)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.reading import reads


@dataclass(frozen=True)
class AuditFinding:
    """rule: an audit's name, explained at ``url``. file: as it was given. line: from 1."""

    file: str
    line: int
    rule: str
    what: str
    url: str


def audit(root: Path, files: Iterable[str]) -> Command:
    """Matters of taste too (pedantic), but nothing that a comment or zizmor's own configuration ignores."""
    words = flags(
        offline=True, quiet=True, no_progress=True, no_exit_codes=True, persona="pedantic", format="json-v1"
    )
    return command("zizmor", *words, *files, cwd=root, reads=True)


@reads("zizmor")
def parse(text: str) -> list[AuditFinding]:
    return [_finding(item) for item in json.loads(text)]


def _finding(item: dict) -> AuditFinding:
    place = next(place for place in item["locations"] if place["symbolic"]["kind"] == "Primary")
    where = place["symbolic"]
    line = place["concrete"]["location"]["start_point"]["row"] + 1
    what = f"{item['desc']}: {where['annotation']}"
    return AuditFinding(where["key"]["Local"]["verbatim_path"], line, item["ident"], what, item["url"])
