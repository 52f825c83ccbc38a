"""A commit's files as a tar archive, made of git's objects alone.

`git archive` obeys the machine: core.autocrlf and core.eol change line ends, .git/info/attributes and
export-ignore leave files out, replaced objects give others. All of that would be built and delivered under
the key of the tree, which knows nothing of it. The objects are what the key is made of.
"""

import io
import os
import tarfile
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.tools.git import objects
from aks_flow.tools.git.objects import TreeEntry

_EXECUTABLE, _LINK = "100755", "120000"
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


def tree_archive(run: Runner, repo: Path, tree: str, named_only: bool = False) -> bytes:
    """The files of a tree (``HASH`` or ``HASH:FOLDER``) as a tar archive, the same bytes on every machine.

    AksFlowError if the objects are not all there is: for a submodule, and for a file that Git LFS keeps. They
    are left out where its .dockerignore does, or if whoever reads the files names each. (kustomize does.)
    """
    entries = objects.parse_entries(os.fsdecode(run.run(objects.files(repo, tree)).stdout))
    present = {name: entry for name, entry in entries.items() if entry.kind != "commit"}
    answer = run.run(objects.read_as_committed(repo, (entry.hash for entry in present.values()))).stdout
    contents = dict(zip(present, objects.parse_objects(answer), strict=True))
    ignored = contents.get(".dockerignore", b"").decode(errors="replace")
    for name in entries:
        is_pointer = contents.get(name, b"").startswith(_LFS_POINTER)
        if (is_pointer or name not in present) and not (named_only or is_ignored(name, ignored)):
            raise _elsewhere(f"{tree.partition(':')[2]}/{name}".lstrip("/"), is_pointer)
        if is_pointer:
            del present[name]
    return _tar(present, contents)


def is_ignored(name: str, text: str) -> bool:
    """Whether a line of a .dockerignore is for the file or a folder above it, and none may bring it back."""
    parts, ignored = name.split("/"), False
    for line in map(str.strip, text.splitlines()):
        words = [word for word in line.lstrip("!").split("/") if word.strip(".")]
        is_near = bool(words) and all(map(fnmatchcase, parts, words))
        if line.startswith("!") and (is_near or "**" in words):
            return False
        ignored = ignored or (is_near and len(words) <= len(parts))
    return ignored


def _tar(entries: Mapping[str, TreeEntry], contents: Mapping[str, bytes]) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, entry in entries.items():
            member, content = tarfile.TarInfo(name), contents[name]
            member.mode = 0o755 if entry.mode == _EXECUTABLE else 0o644
            if entry.mode == _LINK:
                member.type, member.linkname, content = tarfile.SYMTYPE, os.fsdecode(content), b""
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return output.getvalue()


def _elsewhere(where: str, is_pointer: bool) -> AksFlowError:
    what, step = "a submodule's files would be left out", "Copy what is needed into the folder"
    if is_pointer:
        what = "Git LFS keeps this file: the commit has a pointer to it, and no more would be delivered"
        step = "Commit the file itself (`git lfs untrack`)"
    return AksFlowError(what, where=where, next_step=f"{step}, or name it in .dockerignore.")
