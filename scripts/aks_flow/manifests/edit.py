"""Values and images of manifests on disk: set, got, listed, with file and line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.listing import Standing, images
from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.fields import get
from aks_flow.manifests.yaml_edit.file_text import read_file
from aks_flow.manifests.yaml_edit.files import FileChange, edit_files, plan_edits
from aks_flow.manifests.yaml_edit.spelling import ScalarKind
from aks_flow.manifests.yaml_edit.words import set_word

Row = TypeVar("Row")
Files = Iterable[str | Path]


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value in a file. line: from 1."""

    file: str
    line: int
    value: str


@dataclass(frozen=True, slots=True)
class ImageRow:
    """An image that a file mentions, or what looks like one.

    line: from 1. path: of the value, as `get_value` takes it. written: as it stands there. image: None unless
    that is understood.
    """

    file: str
    line: int
    path: str
    written: str
    image: ImageRef | None
    standing: Standing


def set_value(
    path: str, value: str, files: Files, kind: ScalarKind | None = None, dry: bool = False
) -> list[FileChange]:
    """Set the one value at `path` in each file; a file that has it already is `unchanged`.

    kind: of the value, if it is not to be that of the old one. dry: write nothing.
    EditError: as `set_word` and `edit_files`; then no file is written.
    """
    change = plan_edits if dry else edit_files
    return change(files, lambda text, where: set_word(text, path, value, kind, where=where))


def get_value(path: str, files: Files) -> tuple[list[ValueRow], list[EditError]]:
    """The values at `path`, and the errors of the files that have none."""

    def rows(text: str, where: str) -> list[ValueRow]:
        return [ValueRow(where, line, value) for value, line in get(text, path, where=where)]

    return _of_each(files, rows)


def list_images(files: Files) -> tuple[list[ImageRow], list[EditError]]:
    """Every image that the files mention, and the errors of the files that cannot be read."""

    def rows(text: str, where: str) -> list[ImageRow]:
        return [
            ImageRow(where, row.line, row.path, row.written, row.image, row.standing)
            for row in images(text, where=where)
        ]

    return _of_each(files, rows)


def _of_each(files: Files, rows_of: Callable[[str, str], list[Row]]) -> tuple[list[Row], list[EditError]]:
    rows: list[Row] = []
    errors: list[EditError] = []
    for file in files:
        try:
            rows += rows_of(read_file(file), str(file))
        except EditError as error:
            errors.append(error)
    return rows, errors
