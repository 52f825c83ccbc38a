"""Files are written all or not at all, and to no place outside of the repository."""

import os

import pytest

from aks_flow.adopt import write as writing
from aks_flow.adopt.plan import FileState, planned, with_lines
from aks_flow.adopt.write import write
from aks_flow.core.errors import AksFlowError


def names(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_program_runs_and_a_text_is_as_a_new_file_is(tmp_path):
    write(tmp_path, [planned(tmp_path, "a/b/inv", "#!/bin/sh\n", runs=True), planned(tmp_path, "text", "x")])
    assert os.access(tmp_path / "a/b/inv", os.X_OK) and not os.access(tmp_path / "text", os.X_OK)
    assert (tmp_path / "text").read_text() == "x"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_in_the_middle_leaves_everything_as_it_was(tmp_path, monkeypatch, error):
    (tmp_path / ".gitignore").write_text("x\n")
    files = [with_lines(tmp_path, ".gitignore", ["y"])]
    files += [planned(tmp_path, f"folder/{name}/file", "new") for name in ("a", "b", "c")]
    put = writing._put

    def failing(root, file):
        if file.path.startswith("folder/c"):
            raise error
        put(root, file)

    monkeypatch.setattr(writing, "_put", failing)
    with pytest.raises((AksFlowError, KeyboardInterrupt)):
        write(tmp_path, files)
    assert names(tmp_path) == [".gitignore"] and (tmp_path / ".gitignore").read_text() == "x\n"


@pytest.mark.parametrize(
    ("before", "lines", "after"),
    [
        (None, ["a", "b"], "a\nb\n"),
        ("", ["a"], "a\n"),
        ("x", ["a"], "x\na\n"),
        ("x\n", ["a"], "x\na\n"),
        ("a\nx\n", ["a", "b"], "a\nx\nb\n"),
        ("x\r\n", ["a"], "x\r\na\r\n"),
        ("x\r\ny", ["a"], "x\r\ny\r\na\r\n"),
    ],
)
def test_lines_go_behind_what_is_there_and_end_as_that_does(tmp_path, before, lines, after):
    if before is not None:
        (tmp_path / "file").write_bytes(before.encode())
    write(tmp_path, [with_lines(tmp_path, "file", lines)])
    assert (tmp_path / "file").read_bytes() == after.encode()
    assert with_lines(tmp_path, "file", lines).state is FileState.SAME
