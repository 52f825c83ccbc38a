"""The actions that the rehearsal's GitHub answers by itself: act would fetch them from github.com."""

import re
from pathlib import Path

_FOLDER = Path(__file__).with_name("actions")
_USED = re.compile(r"\buses:\s*(actions/([\w-]+)@\w+)")


def answered(work: Path) -> dict[str, Path]:
    """``actions/NAME@REF``, as the workflow files of a clone have it -> the folder of its stand-in."""
    files = sorted((work / ".github" / "workflows").glob("*.y*ml"))
    used = dict(match for file in files for match in _USED.findall(file.read_text(errors="replace")))
    return {action: _FOLDER / name for action, name in used.items() if (_FOLDER / name).is_dir()}
