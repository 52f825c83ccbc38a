"""What the tasks `manifests.…` do: read, act, report."""

import glob
import os
import re
from collections.abc import Iterable

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.manifests import edit
from aks_flow.manifests.images.listing import Standing
from aks_flow.manifests.yaml_edit.errors import EditError, at
from aks_flow.manifests.yaml_edit.files import FileChange
from aks_flow.manifests.yaml_edit.spelling import ScalarKind


def set_task(task: TaskContext, path: str, value: str, files: str, type: str, json: bool) -> None:
    changes = edit.set_value(path, value, matching(files), _kind(type), task.dry)
    rows = [{"file": str(change.path), "status": _status(change, task.dry)} for change in changes]
    _show(rows, json, "{status}  {file}")


def get_task(task: TaskContext, path: str, files: str, json: bool) -> None:
    rows, errors = edit.get_value(path, matching(files))
    _show(_rows(rows), json, "{file}:{line}: {value}")
    _raise(errors)


def images_task(task: TaskContext, files: str, json: bool) -> None:
    """List them all; then AksFlowError if a file cannot be read or a mention is no image reference."""
    rows, errors = edit.list_images(matching(files))
    if not rows and not errors and not json:
        report.say(f"{files}: no image is mentioned")
    _show(
        [row | {"says": _says(row)} for row in _rows(rows)] if not json else _rows(rows),
        json,
        "{file}:{line}: {says}",
    )
    _raise([*errors, *(_wrong(row) for row in rows if row.standing is Standing.WRONG)])


def matching(pattern: str) -> list[str]:
    """The files that a path or a glob pattern (``**`` for any folders) names; AksFlowError if none.

    What is there under the very name is meant by it, whatever a pattern would make of its brackets.
    """
    there = _part_that_is_there(pattern)
    rest = pattern.removeprefix(there)
    if not glob.has_magic(rest):
        return [pattern]
    paths = sorted(glob.glob(f"{glob.escape(there)}{rest}", recursive=True))
    paths = [path for path in paths if not os.path.isdir(path)]
    if not paths:
        step = "Quote a pattern, and use ** for any folders."
        raise AksFlowError("no file matches", where=pattern, next_step=step)
    return paths


def _part_that_is_there(pattern: str) -> str:
    """The longest part of a path that names a file or a folder, with the slash behind it."""
    parts = re.split("(?<=/)", pattern)
    lengths = range(len(parts), 0, -1)
    return next((part for end in lengths if os.path.lexists(part := "".join(parts[:end]))), "")


def _kind(name: str) -> ScalarKind | None:
    if name and name not in [*ScalarKind]:
        raise AksFlowError(
            f"there is no type {name!r}", where="--type", next_step=f"Use {', '.join(ScalarKind)}."
        )
    return ScalarKind(name) if name else None


def _status(change: FileChange, dry: bool) -> str:
    return f"would be {change.status}" if dry and change.status == "changed" else change.status


def _says(row: dict) -> str:
    standing = row["standing"]
    return row["written"] if standing is Standing.UNDERSTOOD else f"{row['written']}: {standing}"


def _wrong(row: edit.ImageRow) -> EditError:
    what = f"`{row.written}` {row.standing}"
    return EditError(what, where=at(row.file, row.line), next_step="Correct it.")


def _raise(errors: list[EditError]) -> None:
    """The one error, or all of them as one."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        lines = "".join(f"\n    {error}" for error in errors)
        raise AksFlowError(f"{len(errors)} errors:{lines}\n", next_step="The rest is shown above.")


def _rows(rows: Iterable) -> list[dict]:
    return [{name: getattr(row, name) for name in row.__slots__} for row in rows]


def _show(rows: list[dict], json: bool, line: str) -> None:
    if json:
        report.document(rows)
        return
    for row in rows:
        report.say(line.format(**row))
