"""The files that the image is made from."""

import re
import subprocess
import sys
from pathlib import Path

from tests.unit.app.servers import ROOT

APP = ROOT / "app"
BIN = Path(sys.executable).parent


def test_hadolint_finds_nothing_in_the_dockerfile():
    check = subprocess.run([BIN / "hadolint", APP / "Dockerfile"], capture_output=True, text=True)
    assert (check.returncode, check.stdout) == (0, "")


def test_shellcheck_finds_nothing_in_the_redis_start_script():
    script = ROOT / "manifests/base/redis/start.sh"
    check = subprocess.run([BIN / "shellcheck", "--shell=sh", script], capture_output=True, text=True)
    assert (check.returncode, check.stdout) == (0, "")


def test_every_dependency_is_locked_with_a_hash():
    lock = (APP / "requirements.lock").read_text()
    packages = re.findall(r"^(\S+)==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)
    assert len(packages) == lock.count("==")
    assert set((APP / "requirements.in").read_text().split()) <= set(packages)


def test_the_dockerfile_needs_no_buildkit():
    assert "--mount" not in (APP / "Dockerfile").read_text()
    assert "# syntax" not in (APP / "Dockerfile").read_text()
