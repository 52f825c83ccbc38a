"""actionlint: what is wrong with one workflow file, and where.

The wheel is of kjanat/actionlint 1.17.0, a fork of rhysd/actionlint; this call is the same of both.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.reading import reads

# That others can set a value which a script contains, zizmor finds too.
_LEFT_OUT = "potentially untrusted"
_LONG = 160
_LIST = re.compile(r"[.,;] (?:available|defined|note|see)\b.*", re.S)


@dataclass(frozen=True)
class LintFinding:
    """rule: actionlint's kind, as `expression`. line: from 1."""

    line: int
    rule: str
    what: str


def lint(root: Path, file: str, text: str) -> Command:
    """Lint ``text`` as what ``file`` holds; files that it calls, and a configuration, are the root's."""
    words = flags(
        **{"no_color": True, "shellcheck": "", "pyflakes": "", "ignore": _LEFT_OUT},
        **{"format": "{{json .}}", "stdin_filename": file},
    )
    return command("actionlint", *words, "-", stdin=text, cwd=root, reads=True, ok=(0, 1))


@reads("actionlint")
def parse(text: str) -> list[LintFinding]:
    return [
        LintFinding(max(item["line"], 1), item["kind"], _short(item["message"])) for item in json.loads(text)
    ]


def _short(message: str) -> str:
    """Without what it lists, if that is long."""
    text = " ".join(message.split())
    return (_LIST.sub("", text) if len(text) > _LONG else text).rstrip(".")
