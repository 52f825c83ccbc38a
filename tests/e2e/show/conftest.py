"""Fixtures: axe, as npm has it; the app, as its own tests have it."""

import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.programs import need
from tests.unit.app.conftest import make_app, make_apps, redis_server  # noqa: F401

AXE = "axe-core@4.14.1"


@pytest.fixture(scope="session")
def axe(tmp_path_factory) -> str:
    """The script that finds what keeps people from using a page; skipped where npm cannot bring it."""
    need("chromium", "npm")
    folder: Path = tmp_path_factory.mktemp("axe")
    packed = subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True)
    if packed.returncode:
        pytest.skip(f"npm does not bring {AXE}: {packed.stderr.strip()[-200:]}")
    with tarfile.open(folder / packed.stdout.strip().splitlines()[-1]) as archive:
        return archive.extractfile("package/axe.min.js").read().decode()
