"""Manifests on disk: edited as text, and written whole or not at all."""

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.file_text import failed, read_file

Edited = Callable[[str, str], str]

_ATTRIBUTES = ("user.", "system.posix_acl_")  # a person's; the system gives a new file its others


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

    Only what changed is written: to a file beside it that then takes its name and keeps its owner, mode and
    attributes. A symbolic link stays one. A file named twice is edited once.
    EditError: what `edit` raises, a file that cannot be read or written, or that has other names.
    """
    changes = plan_edits(paths, edit)
    _write([change for change in changes if change.status == "changed"])
    return changes


def plan_edits(paths: Iterable[str | Path], edit: Edited) -> list[FileChange]:
    """As `edit_files`, and nothing is written."""
    targets = {os.path.realpath(path): Path(path) for path in paths}
    return [_change(path, target, edit) for target, path in targets.items()]


def _change(path: Path, target: str, edit: Edited) -> FileChange:
    before = read_file(path)
    change = FileChange(path, target, before, edit(before, str(path)))
    names = os.stat(target).st_nlink
    if change.status == "changed" and names > 1:
        what = f"has {names} names (hard links), and an edit would leave the others as they were"
        raise EditError(what, where=str(path), next_step="Make it a file of its own, or edit it by hand.")
    return change


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
    """Write the new text beside the file, with all that the file is besides; its name goes to `ready`."""
    try:
        descriptor, new = tempfile.mkstemp(prefix=".aks-flow-", dir=os.path.dirname(change.target))
        ready.append(new)
        with open(descriptor, "wb") as file:
            file.write(change.after.encode())
            _become_as(file.fileno(), change.target)
    except OSError as error:
        raise failed("written", change.path, error) from error


def _become_as(descriptor: int, original: str) -> None:
    """Owner, group, mode and attributes (access lists are some); OSError if one of them is refused."""
    old, new = os.stat(original), os.fstat(descriptor)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
    for name in _attributes(original):
        os.setxattr(descriptor, name, os.getxattr(original, name))


def _attributes(path: str) -> list[str]:
    """The names of the extended attributes that a person gave a file; none where there are no such things."""
    try:
        names = os.listxattr(path) if hasattr(os, "listxattr") else []  # Linux alone
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return []
    return [name for name in names if name.startswith(_ATTRIBUTES)]


def _take_place(change: FileChange, new: str, earlier: list[FileChange]) -> None:
    """The new file becomes the file. If that is refused, those before it become again what they were."""
    try:
        os.replace(new, change.target)
    except OSError as error:
        _write([replace(undone, before=undone.after, after=undone.before) for undone in earlier])
        raise failed("written", change.path, error) from error
