"""A commit's files as a tar archive, made of git's objects alone.

`git archive` obeys the machine: core.autocrlf and core.eol change line ends, .git/info/attributes and
export-ignore leave files out, replaced objects give others. All of that would be built and delivered under
the key of the tree, which knows nothing of it. The objects are what the key is made of.
"""

import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.tools.git import objects
from aks_flow.tools.git.objects import TreeEntry

_EXECUTABLE, _LINK = "100755", "120000"
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


def tree_archive(run: Runner, repo: Path, tree: str) -> bytes:
    """The files of a tree (``HASH`` or ``HASH:FOLDER``) as a tar archive, the same bytes on every machine.

    AksFlowError if the objects are not all there is: for a submodule, and for a file that Git LFS keeps.
    """
    entries = objects.parse_entries(os.fsdecode(run.run(objects.files(repo, tree)).stdout))
    folder = tree.partition(":")[2]
    for name, entry in entries.items():
        if entry.kind == "commit":
            raise _submodule(folder, name)
    answer = run.run(objects.read_as_committed(repo, (entry.hash for entry in entries.values()))).stdout
    contents = dict(zip(entries, objects.parse_objects(answer), strict=True))
    for name, content in contents.items():
        if content.startswith(_LFS_POINTER):
            raise _lfs_pointer(folder, name)
    return _tar(entries, contents)


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


def _submodule(folder: str, name: str) -> AksFlowError:
    step = "Copy what is needed into the folder, or let the build install it as a package."
    return AksFlowError("a submodule's files would be left out", where=_path(folder, name), next_step=step)


def _lfs_pointer(folder: str, name: str) -> AksFlowError:
    step = "Commit the file itself (`git lfs untrack`), or let the build fetch it."
    what = "Git LFS keeps this file: the commit has a pointer to it, and no more would be delivered"
    return AksFlowError(what, where=_path(folder, name), next_step=step)


def _path(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
