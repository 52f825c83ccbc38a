"""A commit's files are the same bytes, whatever this machine's git is told to do with them."""

import io
import os
import subprocess
import tarfile

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.gitflow.tree_archive import tree_archive
from tests.unit.gitflow.repository import Repository

FILES = {
    "app/Dockerfile": b"FROM scratch\nCOPY . /\n",
    "app/run.sh": b"#!/bin/sh\nexec true\n",
    "app/windows.bat": b"echo off\r\n",
    "app/deep/er/data.bin": bytes(range(256)),
    "app/secret.txt": b"left out by export-ignore\n",
    "app/version.py": b"$Format:%H$\n",
}


@pytest.fixture
def repository(tmp_path) -> Repository:
    made = Repository(tmp_path / "a repository")
    made.path.mkdir(exist_ok=True)
    made.git("init", "--quiet", "--initial-branch=main")
    for key in ("user.name", "user.email"):
        made.git("config", key, "t@localhost")
    for name, content in FILES.items():
        file = made.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (made.path / "app/run.sh").chmod(0o755)
    (made.path / "app/link").symlink_to("deep/er")
    with open(os.fsencode(made.path) + b"/app/caf\xe9", "wb") as file:
        file.write(b"a name that is not UTF-8\n")
    made.git("add", ".")
    made.commit(message="Everything")
    return made


def packed(repository: Repository, tree: str = "HEAD:app") -> dict[str, tuple]:
    """name -> (mode, type, target of a link, content)"""
    archive = tree_archive(Local(), repository.path, tree)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {
            member.name: (
                member.mode,
                member.type,
                member.linkname,
                tar.extractfile(member).read() if member.isreg() else b"",
            )
            for member in tar.getmembers()
        }


def test_the_archive_holds_each_file_with_its_bytes_its_mode_and_its_link(repository):
    files = packed(repository)
    assert {name: entry[3] for name, entry in files.items() if f"app/{name}" in FILES} == {
        name.removeprefix("app/"): content for name, content in FILES.items()
    }
    assert (files["run.sh"][0], files["Dockerfile"][0]) == (0o755, 0o644)
    assert files["link"][1:3] == (tarfile.SYMTYPE, "deep/er")
    assert files[os.fsdecode(b"caf\xe9")][3] == b"a name that is not UTF-8\n"


def with_attributes(repository: Repository, text: str) -> None:
    (repository.path / ".git/info").mkdir(exist_ok=True)
    (repository.path / ".git/info/attributes").write_text(text)


def with_replacement(repository: Repository) -> None:
    other = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"],
        cwd=repository.path,
        input=b"another Dockerfile\n",
        capture_output=True,
        check=True,
    )
    repository.git(
        "replace", repository.git("rev-parse", "HEAD:app/Dockerfile"), other.stdout.decode().strip()
    )


LOCAL_SETTINGS = {
    "line ends of Windows": lambda made: made.git("config", "core.autocrlf", "true"),
    "line ends by core.eol": lambda made: (
        made.git("config", "core.eol", "crlf"),
        with_attributes(made, "* text=auto\n"),
    ),
    "files left out": lambda made: with_attributes(made, "secret.txt export-ignore\n"),
    "words put in": lambda made: with_attributes(made, "version.py export-subst\n"),
    "a filter": lambda made: (
        made.git("config", "filter.loud.smudge", "tr a-z A-Z"),
        with_attributes(made, "*.sh filter=loud\n"),
    ),
    "a replaced file": with_replacement,
    "a umask of archives": lambda made: made.git("config", "tar.umask", "0077"),
}


@pytest.mark.parametrize("setting", LOCAL_SETTINGS.values(), ids=LOCAL_SETTINGS)
def test_no_setting_of_this_machine_changes_what_goes_in(repository, setting):
    before = tree_archive(Local(), repository.path, "HEAD:app")
    setting(repository)
    assert tree_archive(Local(), repository.path, "HEAD:app") == before


def test_a_submodule_is_refused_since_its_files_would_be_left_out(repository):
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'2' * 40},app/lib")
    repository.git("commit", "--quiet", "--message=A submodule")
    with pytest.raises(AksFlowError, match="^app/lib: a submodule's files would be left out. Copy what"):
        tree_archive(Local(), repository.path, "HEAD:app")


def test_a_file_that_git_lfs_keeps_is_refused_since_the_commit_has_its_pointer_alone(repository):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12345\n"
    (repository.path / "app/model.bin").write_text(pointer)
    repository.git("add", "app/model.bin")
    repository.git("commit", "--quiet", "--message=A large file")
    with pytest.raises(AksFlowError, match="^app/model.bin: Git LFS keeps this file"):
        tree_archive(Local(), repository.path, "HEAD:app")


@pytest.mark.parametrize(
    ("ignore", "is_left_out"),
    [
        ("assets\nlib/\n", True),
        ("# large\r\n/assets/*.bin\r\n./lib\r\n", True),
        ("**/*.bin\nl*b\n", True),
        ("*.bin\nlib\n", False),  # those at the top alone
        ("*\n!/run.sh\n!deep\n", True),
        ("assets\nlib\n!assets/model.bin\n", False),
        ("*\n!./lib/some\n", False),
        ("*\n!**/*.bin\n", False),
    ],
)
def test_what_a_build_is_not_given_may_be_a_submodule_or_git_lfs_s(repository, ignore, is_left_out):
    lacking(repository, ignore)
    if not is_left_out:
        with pytest.raises(AksFlowError, match="or name it in .dockerignore"):
            tree_archive(Local(), repository.path, "HEAD:app")
    else:
        assert not {"lib", "assets/model.bin"} & members(tree_archive(Local(), repository.path, "HEAD:app"))


def test_kustomize_may_lack_what_it_does_not_name(repository):
    lacking(repository, "")
    archive = tree_archive(Local(), repository.path, "HEAD:app", named_only=True)
    assert not {"lib", "assets/model.bin"} & members(archive)


def lacking(repository, ignore: str) -> None:
    """With a submodule and a file of Git LFS."""
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12345\n"
    (repository.path / "app/assets").mkdir()
    (repository.path / "app/assets/model.bin").write_text(pointer)
    (repository.path / "app/.dockerignore").write_bytes(ignore.encode())
    repository.git("add", "app")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'2' * 40},app/lib")
    repository.git("commit", "--quiet", "--message=What is elsewhere")


def members(archive: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return set(tar.getnames())
