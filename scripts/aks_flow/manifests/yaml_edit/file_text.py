"""A manifest's text on disk, to the byte. Files of people are written by `files`, whole or not at all."""

import os
import stat
from pathlib import Path

from aks_flow.manifests.yaml_edit.errors import EditError, at
from aks_flow.manifests.yaml_edit.fields import set_scalar
from aks_flow.manifests.yaml_edit.scalars import Value

_OTHER_ENCODINGS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def read_file(path: str | Path) -> str:
    """The text, newlines untouched. EditError: not there, not a file, not readable, not UTF-8."""
    try:
        data = _read_regular(path)
    except OSError as error:
        raise failed("read", path, error) from error
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


def set_in_copy(file: Path, path: str, value: Value) -> None:
    """As `set_scalar`, in a file that is this run's own; every other byte of it stays."""
    text = set_scalar(read_file(file), path, value, where=str(file))
    file.unlink()  # a copy of what may not be written may not be written either
    file.write_bytes(text.encode())


def failed(verb: str, path: str | Path, error: OSError) -> EditError:
    """The error for what the system refused. verb: read or written."""
    return EditError(f"cannot be {verb}: {error.strerror}", where=str(path), next_step="Nothing was changed.")
