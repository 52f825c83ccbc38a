"""The wheel, installed in an environment of its own, in a repository that has nothing of aks-flow's."""

import subprocess
from pathlib import Path

import pytest

from aks_flow import __version__
from aks_flow.core import environment
from aks_flow.core.runner import Local
from tests.e2e.project import clone

ROOT = Path(__file__).parents[3]
WHEEL = f"aks_flow-{__version__}-py3-none-any.whl"
OUTSIDE = """
import importlib, pathlib, aks_flow
top = pathlib.Path(aks_flow.__file__).parent
for file in sorted(top.rglob("*.py")):
    parts = file.relative_to(top.parent).with_suffix("").parts
    if "rehearsal" not in parts and parts[-1] != "__init__":
        importlib.import_module(".".join(parts))
print(top)
"""


@pytest.fixture(scope="module")
def bin(tmp_path_factory) -> Path:
    """The programs of an environment into which the wheel was installed."""
    folder, uv = tmp_path_factory.mktemp("wheel"), environment.uv(Local())
    source = clone(folder / "a clone", {}).repo
    for words in (
        ("build", "--quiet", "--wheel", f"--out-dir={folder}", source),
        ("venv", "--quiet", folder / "installed"),
        ("pip", "install", "--quiet", f"--python={folder / 'installed'}", folder / WHEEL),
    ):
        subprocess.run([uv, *words], check=True)
    return folder / "installed" / "bin"


def test_all_of_a_delivery_is_in_it_and_nothing_of_this_checkout(bin, tmp_path):
    words = [bin / "python", "-c", OUTSIDE]
    answer = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert Path(answer.stdout.strip()).is_relative_to(bin.parent)


def test_it_has_all_data_that_the_checkout_has(bin):
    [installed] = bin.parent.glob("lib/python3*/site-packages/aks_flow")
    source = ROOT / "scripts" / "aks_flow"
    kinds = (".yaml", ".json", ".lock", ".sh", ".yml", ".css", ".js", ".txt")
    data = {file.relative_to(source) for file in source.rglob("*") if file.suffix in kinds}
    assert data and [file for file in data if not (installed / file).is_file()] == []


def test_the_command_works_in_a_repository_of_somebody_else(bin, tmp_path):
    repo = tmp_path / "a shop"
    for words in (
        ("init", "--quiet", repo),
        ("-C", repo, "commit", "--quiet", "--allow-empty", "-m", "first"),
    ):
        identity = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *identity, *words], check=True)
    (repo / "invoke.yaml").write_text((ROOT / "invoke.yaml").read_text())
    command = [bin / "aks-flow", "flow.version"]
    answer = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    assert answer.returncode == 0 and answer.stdout.startswith("0."), answer.stderr
