"""Values and images of manifests on disk: set, got, listed, with file and line."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.images import images
from aks_flow.manifests.yaml_edit.fields import get, set_word
from aks_flow.manifests.yaml_edit.files import FileChange, edit_files, read_file


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value in a file. line: from 1."""

    file: str
    line: int
    value: str


@dataclass(frozen=True, slots=True)
class ImageRow:
    """An image that a file mentions. line: from 1. path: of the value, as `get_value` takes it."""

    file: str
    line: int
    path: str
    image: ImageRef


def set_value(path: str, value: str, files: Iterable[str | Path]) -> list[FileChange]:
    """Set the one value at `path` in each file; a file that has it already is `unchanged`.

    EditError: as `set_scalar` and `edit_files`; then no file is written.
    """
    return edit_files(files, lambda text, where: set_word(text, path, value, where=where))


def get_value(path: str, files: Iterable[str | Path]) -> list[ValueRow]:
    """The values at `path`. EditError if a file has none."""
    return [
        ValueRow(str(file), line, value)
        for file in files
        for value, line in get(read_file(file), path, where=str(file))
    ]


def list_images(files: Iterable[str | Path]) -> list[ImageRow]:
    """Every image that the files mention."""
    return [ImageRow(str(file), *row) for file in files for row in images(read_file(file), where=str(file))]
