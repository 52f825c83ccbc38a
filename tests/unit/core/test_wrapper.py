"""`./inv` finds its project from wherever it is called."""

import shutil
import subprocess
from pathlib import Path

import pytest

from aks_flow import adopt

OWN = Path(__file__).resolve().parents[3] / "inv"
ADOPTED = Path(adopt.__file__).parent / "templates" / "inv.sh"
PYTHON = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n"


@pytest.fixture(
    params=[(OWN, ".venv", "requirements.lock"), (ADOPTED, ".aks-flow/venv", "aks-flow.txt")],
    ids=["own", "adopted"],
)
def project(request, tmp_path) -> Path:
    """A folder whose environment is complete, and whose Python tells what it is asked to run."""
    wrapper, place, lock = request.param
    folder = tmp_path / "a project"
    python = folder / place / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON)
    python.chmod(0o755)
    for made in (folder / lock, folder / place / lock):
        made.write_text("the same\n")
    shutil.copy(wrapper, folder / "inv")
    (folder / "inv").chmod(0o755)
    return folder


def asked(program: Path, cwd: Path) -> list[str]:
    ran = subprocess.run([program, "push"], cwd=cwd, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()[-3:]


@pytest.mark.parametrize("name", ["inv", "inv of a project"])
def test_a_link_in_another_folder_leads_to_the_project(project, tmp_path, name):
    elsewhere = tmp_path / "bin"
    elsewhere.mkdir()
    (elsewhere / "first").symlink_to("../a project/inv")
    (elsewhere / name).symlink_to("first")
    assert asked(elsewhere / name, tmp_path) == ["--search-root", str(project), "push"]


def test_a_folder_below_has_the_project_above(project):
    (project / "docs").mkdir()
    assert asked(Path("../inv"), project / "docs") == ["--search-root", str(project), "push"]
