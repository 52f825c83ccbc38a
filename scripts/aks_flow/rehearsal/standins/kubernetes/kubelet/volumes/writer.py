"""Files that change all at once: a directory of links into a snapshot, swapped by one rename.

The layout is kubelet's: ``..data`` points to the snapshot, and each top-level name points through it.
"""

import os
import shutil
import tempfile
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.ownership import give
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import File

_DATA = "..data"


def write(directory: Path, files: dict[str, File], group: int | None) -> bool:
    """Make the directory show exactly these files; False if it already did."""
    directory.mkdir(parents=True, exist_ok=True)
    if _shown(directory) == {path: file.content for path, file in files.items()}:
        return False
    previous = os.readlink(directory / _DATA) if (directory / _DATA).is_symlink() else None
    _point(directory, _snapshot(directory, files, group))
    _link_names(directory, {path.split("/")[0] for path in files})
    if previous:
        shutil.rmtree(directory / previous, ignore_errors=True)
    return True


def _shown(directory: Path) -> dict[str, bytes] | None:
    data = directory / _DATA
    if not data.exists():
        return None
    root = data.resolve()
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _snapshot(directory: Path, files: dict[str, File], group: int | None) -> str:
    snapshot = Path(tempfile.mkdtemp(prefix="..", dir=directory))
    for path, file in files.items():
        target = snapshot / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        give(target, group, file.mode | (0o440 if group is not None else 0))
    for folder in (directory, snapshot, *(path for path in snapshot.rglob("*") if path.is_dir())):
        give(folder, group, 0o755)
    return snapshot.name


def _point(directory: Path, snapshot: str) -> None:
    fresh = directory / "..data_tmp"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(snapshot)
    fresh.replace(directory / _DATA)


def _link_names(directory: Path, names: set[str]) -> None:
    for name in names:
        if not (directory / name).is_symlink():
            (directory / name).symlink_to(f"{_DATA}/{name}")
    for path in directory.iterdir():
        if path.is_symlink() and path.name not in names and not path.name.startswith(".."):
            path.unlink()
