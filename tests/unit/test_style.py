"""What holds for every file of the repository, the app's too; tests/unit/code is about the package."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent


def tool(*words: str) -> str:
    answer = subprocess.run([TOOLS / words[0], *words[1:]], cwd=ROOT, capture_output=True, text=True)
    return "" if answer.returncode == 0 else answer.stdout + answer.stderr


def test_ruff_finds_nothing():
    assert tool("ruff", "check", "--output-format=concise", ".") == ""
    assert tool("ruff", "format", "--check", ".") == ""


def test_shell_scripts_pass_shellcheck():
    assert tool("shellcheck", "inv", ".ci/run", "scripts/aks_flow/adopt/templates/inv.sh") == ""


def test_nothing_names_a_place_outside_the_repository():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    marks = ("/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/")
    texts = {name: (ROOT / name).read_bytes() for name in tracked.splitlines() if (ROOT / name).is_file()}
    assert [name for name, text in texts.items() for mark in marks if mark.encode() in text] == []
