"""Files written into a repository: all of them, or none."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from aks_flow.adopt.plan import PlannedFile
from aks_flow.core.errors import AksFlowError

_FILE, _PROGRAM = 0o644, 0o755


def write(root: Path, files: list[PlannedFile]) -> None:
    """Each takes its place complete; AksFlowError if one cannot, and then all are as they were before."""
    done: list[PlannedFile] = []
    made: list[Path] = []
    try:
        for file in files:
            _check_place(root, file.path)
            _make_folders((root / file.path).parent, made)
            _put(root, file)
            done.append(file)
    except OSError as error:
        _undo(root, done, made)
        step = "Nothing was changed. Correct that; then run the same command again."
        raise AksFlowError(f"cannot be written: {error.strerror}", where=file.path, next_step=step) from error
    except BaseException:
        _undo(root, done, made)
        raise


def _check_place(root: Path, path: str) -> None:
    """A link in the way could lead out of the repository."""
    place = root
    for part in Path(path).parts:
        place = place / part
        if place.is_symlink():
            step = "Nothing was changed. Remove the link, or write this file yourself."
            raise AksFlowError("this is a symbolic link", where=str(place.relative_to(root)), next_step=step)


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Those that are not there; each goes to ``made`` as it is made."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _put(root: Path, file: PlannedFile) -> None:
    place = root / file.path
    mode = place.stat().st_mode & 0o777 if place.exists() else _PROGRAM if file.runs else _FILE & ~_umask()
    descriptor, new = tempfile.mkstemp(prefix=".aks-flow-", dir=place.parent)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(file.content)
        os.chmod(new, mode | (0o111 if file.runs else 0))
        os.replace(new, place)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(new)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _undo(root: Path, done: list[PlannedFile], made: list[Path]) -> None:
    for file in reversed(done):
        place = root / file.path
        place.unlink() if file.before is None else place.write_bytes(file.before)
    for folder in reversed(made):
        with suppress(OSError):  # somebody else put something there
            folder.rmdir()
