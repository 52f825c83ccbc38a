"""Manifests on disk: read as bytes, edited as text, and written whole or not at all."""

import os
import stat
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.manifests.yaml_edit.errors import EditError, at

Edited = Callable[[str, str], str]

_OTHER_ENCODINGS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after; `status` says whether they differ.

    path: as it was named. target: the file itself, symbolic links followed.
    """

    path: Path
    target: str
    before: str
    after: str

    @property
    def status(self) -> str:
        return "unchanged" if self.before == self.after else "changed"


def edit_files(paths: Iterable[str | Path], edit: Edited) -> list[FileChange]:
    """Apply ``edit(text, file name)`` to each file. If it fails for one, none is written.

    Only what changed is written: to a file beside it that then takes its name and keeps its mode. A symbolic
    link stays one. A file named twice is edited once.
    EditError: what `edit` raises, a file that cannot be read or written.
    """
    targets = {os.path.realpath(path): Path(path) for path in paths}
    changes = [_change(path, target, edit) for target, path in targets.items()]
    _write([change for change in changes if change.status == "changed"])
    return changes


def read_file(path: str | Path) -> str:
    """The text, newlines untouched. EditError: not there, not a file, not readable, not UTF-8."""
    try:
        data = _read_regular(path)
    except OSError as error:
        raise _failed("read", path, error) from error
    for mark, encoding in _OTHER_ENCODINGS.items():
        if data.startswith(mark):
            raise EditError(
                f"is {encoding}, and a manifest is UTF-8", where=str(path), next_step="Convert it."
            )
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise EditError(what, where=at(str(path), line), next_step="Convert the file to UTF-8.") from error


def _read_regular(path: str | Path) -> bytes:
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode):
        kind = "directory" if stat.S_ISDIR(mode) else "special file"
        raise EditError(f"is a {kind}, not a manifest", where=str(path), next_step="Name the files to edit.")
    with open(path, "rb") as file:
        return file.read()


def _change(path: Path, target: str, edit: Edited) -> FileChange:
    before = read_file(path)
    return FileChange(path, target, before, edit(before, str(path)))


def _write(changes: list[FileChange]) -> None:
    """All new files stand complete beside the old ones before the first takes its place."""
    ready: list[str] = []
    try:
        for change in changes:
            _prepare(change, ready)
        for done, (change, new) in enumerate(zip(changes, ready, strict=True)):
            _take_place(change, new, changes[:done])
    finally:
        for new in ready:
            with suppress(FileNotFoundError):
                os.unlink(new)


def _prepare(change: FileChange, ready: list[str]) -> None:
    """Write the new text beside the file, with the file's mode; its name goes to `ready`."""
    try:
        descriptor, new = tempfile.mkstemp(prefix=".aks-flow-", dir=os.path.dirname(change.target))
        ready.append(new)
        with open(descriptor, "wb") as file:
            file.write(change.after.encode())
            os.fchmod(file.fileno(), stat.S_IMODE(os.stat(change.target).st_mode))
    except OSError as error:
        raise _failed("written", change.path, error) from error


def _take_place(change: FileChange, new: str, earlier: list[FileChange]) -> None:
    """The new file becomes the file. If that is refused, those before it become again what they were."""
    try:
        os.replace(new, change.target)
    except OSError as error:
        _write([replace(undone, before=undone.after, after=undone.before) for undone in earlier])
        raise _failed("written", change.path, error) from error


def _failed(verb: str, path: str | Path, error: OSError) -> EditError:
    return EditError(f"cannot be {verb}: {error.strerror}", where=str(path), next_step="Nothing was changed.")
