"""Tar archives from git and from a person's disk, unpacked so that nothing lands outside of the folder."""

import io
import posixpath
import tarfile
from pathlib import Path

from aks_flow.core.errors import AksFlowError


def unpack(archive: bytes, folder: Path) -> None:
    """All files of an archive into a folder; AksFlowError if one would lie, or point, outside of it."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            if hasattr(tarfile, "data_filter"):
                tar.extractall(folder, filter="data")
            else:  # Python before 3.11.4, which Debian 12 has
                for member in tar.getmembers():
                    _check(member)
                tar.extractall(folder)
    except tarfile.TarError as error:
        raise AksFlowError(str(error), next_step="Commit what it leads to in its place.") from error


def _check(member: tarfile.TarInfo) -> None:
    target = member.name
    if member.issym():
        target = posixpath.join(posixpath.dirname(member.name), member.linkname)
    elif member.islnk():
        target = member.linkname
    if not (member.isreg() or member.isdir() or member.issym() or member.islnk()):
        raise tarfile.ExtractError(f"{member.name!r} is neither file nor folder nor link")
    if any(posixpath.normpath(path).partition("/")[0] in ("", "..") for path in (member.name, target)):
        raise tarfile.ExtractError(f"{member.name!r} leads outside of the folder")
