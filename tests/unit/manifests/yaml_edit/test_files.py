"""Manifests on disk: all are written or none is."""

import os
import stat
from pathlib import Path

import pytest

from aks_flow.manifests.edit import get_value, list_images, set_value
from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.fields import set_scalar
from aks_flow.manifests.yaml_edit.files import edit_files


def upper(text: str, where: str) -> str:
    return text.upper()


@pytest.fixture
def manifest(tmp_path) -> Path:
    path = tmp_path / "m.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: x\r\nreplicas: 3 # \xc3\xa9\r\n")
    return path


def test_bytes_beyond_the_edit_stay_on_disk(manifest):
    [change] = set_value("replicas", "5", [manifest])
    assert change.status == "changed"
    assert manifest.read_bytes() == b"\xef\xbb\xbfa: x\r\nreplicas: 5 # \xc3\xa9\r\n"


def test_a_value_that_is_there_already_is_unchanged_and_the_file_untouched(manifest):
    before = manifest.stat()
    [change] = set_value("replicas", "3", [manifest])
    assert change.status == "unchanged"
    assert (manifest.stat().st_ino, manifest.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_mode_stays(manifest):
    manifest.chmod(0o640)
    edit_files([manifest], upper)
    assert stat.S_IMODE(manifest.stat().st_mode) == 0o640


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives a file to somebody else")
def test_the_owner_stays(manifest):
    os.chown(manifest, 12345, 23456)
    manifest.chmod(0o4750)
    edit_files([manifest], upper)
    after = manifest.stat()
    assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (12345, 23456, 0o4750)


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives a file to somebody else")
def test_a_file_of_somebody_else_that_cannot_stay_theirs_is_refused(manifest, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    os.chown(manifest, 12345, 23456)
    before = manifest.read_bytes()
    monkeypatch.setattr(os, "fchown", refused)
    with pytest.raises(EditError, match="m.yaml: cannot be written: Operation not permitted. Nothing was"):
        edit_files([manifest], upper)
    assert manifest.read_bytes() == before


def test_extended_attributes_stay(manifest):
    try:
        os.setxattr(manifest, "user.note", b"kept")
    except OSError as error:
        pytest.skip(f"this file system has none: {error.strerror}")
    edit_files([manifest], upper)
    assert os.getxattr(manifest, "user.note") == b"kept"


def test_a_file_with_two_names_is_refused_and_both_stay_one(manifest, tmp_path):
    os.link(manifest, tmp_path / "other.yaml")
    with pytest.raises(
        EditError, match=r"m.yaml: has 2 names \(hard links\), and an edit would leave the others"
    ):
        edit_files([manifest], upper)
    assert os.path.samefile(manifest, tmp_path / "other.yaml")
    assert [change.status for change in edit_files([manifest], lambda text, where: text)] == ["unchanged"]


def test_a_plan_writes_nothing(manifest):
    before = manifest.read_bytes()
    [change] = set_value("replicas", "5", [manifest], dry=True)
    assert (change.status, manifest.read_bytes()) == ("changed", before)


def test_a_symbolic_link_stays_one_and_its_target_is_edited(manifest, tmp_path):
    link = tmp_path / "link.yaml"
    link.symlink_to("m.yaml")
    edit_files([link], upper)
    assert link.is_symlink()
    assert b"A: X" in manifest.read_bytes()


def test_a_file_named_twice_is_edited_once(manifest, tmp_path):
    link = tmp_path / "link.yaml"
    link.symlink_to(manifest)
    changes = edit_files([manifest, link, str(manifest)], lambda text, where: text + "# more\n")
    assert len(changes) == 1
    assert manifest.read_text("utf-8").count("# more") == 1


def test_an_error_in_the_last_file_leaves_all_as_they_were(manifest, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text("b: 1\n")
    before = manifest.read_bytes()
    with pytest.raises(EditError, match=r"other.yaml:1: nothing is at `replicas`"):
        set_value("replicas", "5", [manifest, other])
    assert manifest.read_bytes() == before


def test_a_full_disk_leaves_all_as_they_were_and_nothing_behind(manifest, tmp_path, monkeypatch):
    other = tmp_path / "other.yaml"
    other.write_text("replicas: 1\n")
    before = manifest.read_bytes()
    real = os.fchmod

    def full_at_the_second(descriptor, mode):
        monkeypatch.setattr(
            os, "fchmod", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        )
        real(descriptor, mode)

    monkeypatch.setattr(os, "fchmod", full_at_the_second)
    with pytest.raises(
        EditError, match=r"other.yaml: cannot be written: No space left on device. Nothing was changed"
    ):
        set_value("replicas", "5", [manifest, other])
    assert (manifest.read_bytes(), other.read_text()) == (before, "replicas: 1\n")
    assert {path.name for path in tmp_path.iterdir()} == {"m.yaml", "other.yaml"}


def test_a_file_that_cannot_be_replaced_puts_the_earlier_ones_back(manifest, tmp_path, monkeypatch):
    other = tmp_path / "other.yaml"
    other.write_text("replicas: 1\n")
    before = manifest.read_bytes()
    real = os.replace

    def refused(new, target):
        if Path(target) == other:
            raise PermissionError(1, "Operation not permitted")
        real(new, target)

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(EditError, match=r"other.yaml: cannot be written: Operation not permitted"):
        set_value("replicas", "5", [manifest, other])
    assert (manifest.read_bytes(), other.read_text()) == (before, "replicas: 1\n")
    assert {path.name for path in tmp_path.iterdir()} == {"m.yaml", "other.yaml"}


UNREADABLE = {
    "UTF-16": ("a: x\n".encode("utf-16"), r"m.yaml: is UTF-16, and a manifest is UTF-8"),
    "UTF-16 big-endian": (b"\xfe\xff" + "a: x\n".encode("utf-16-be"), r"m.yaml: is UTF-16"),
    "UTF-32": ("a: x\n".encode("utf-32"), r"m.yaml: is UTF-32"),
    "UTF-16 without a mark": (
        "a: x\n".encode("utf-16-le"),
        r"m.yaml:1: not YAML at column 2: character #x0000",
    ),
    "Latin-1": ("a: x\nb: é\n".encode("latin-1"), r"m.yaml:2: byte 0xe9 is not UTF-8"),
}


@pytest.mark.parametrize("encoding", UNREADABLE)
def test_another_encoding_is_refused_by_name(tmp_path, encoding):
    data, message = UNREADABLE[encoding]
    (tmp_path / "m.yaml").write_bytes(data)
    with pytest.raises(EditError, match=message):
        set_value("a", "y", [tmp_path / "m.yaml"])
    assert (tmp_path / "m.yaml").read_bytes() == data


def test_a_directory_a_missing_file_and_a_pipe_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, message in {
        tmp_path: "is a directory, not a manifest. Name the files to edit",
        tmp_path / "none.yaml": "none.yaml: cannot be read: No such file or directory",
        tmp_path / "pipe": "pipe: is a special file, not a manifest",
    }.items():
        with pytest.raises(EditError, match=message):
            set_value("a", "y", [path])


def test_a_file_that_may_not_be_read_is_refused(manifest, monkeypatch):
    def forbidden(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", forbidden)
    with pytest.raises(EditError, match=r"m.yaml: cannot be read: Permission denied"):
        set_value("a", "y", [manifest])


def test_values_are_got_from_every_file(tmp_path):
    for name, value in {"a.yaml": "1.10", "b.yaml": "'two'"}.items():
        (tmp_path / name).write_text(f"# c\nv: {value}\n")
    rows, errors = get_value("v", [tmp_path / "a.yaml", tmp_path / "b.yaml"])
    assert [(Path(row.file).name, row.line, row.value) for row in rows] == [
        ("a.yaml", 2, "1.10"),
        ("b.yaml", 2, "two"),
    ]
    assert errors == []


def test_images_are_listed_from_every_file(tmp_path):
    (tmp_path / "k.yaml").write_text("images:\n- name: front\n  newTag: v1\n")
    (tmp_path / "v.yaml").write_text("image: redis:7\n")
    rows, errors = list_images([tmp_path / "k.yaml", tmp_path / "v.yaml"])
    assert [(row.line, row.path, str(row.image)) for row in rows] == [
        (2, "images[name=front]", "front:v1"),
        (1, "image", "redis:7"),
    ]
    assert errors == []


def test_text_without_a_file_is_told_by_its_line():
    with pytest.raises(EditError, match="^line 1: nothing is at `b`"):
        set_scalar("a: 1\n", "b", "x", where="")
