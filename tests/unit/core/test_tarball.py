"""Archives are unpacked into their folder and nowhere else, by any Python from 3.11.0 on."""

import functools
import io
import tarfile

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.tarball import unpack


@pytest.fixture(params=["a Python with filters", "a Python without"], autouse=True)
def python(request, monkeypatch):
    if request.param == "a Python without" and hasattr(tarfile, "data_filter"):
        plain = functools.partialmethod(tarfile.TarFile.extractall, filter="fully_trusted")
        monkeypatch.delattr(tarfile, "data_filter")
        monkeypatch.setattr(tarfile.TarFile, "extractall", plain)


def archive(**members) -> bytes:
    """A tar of members by name: bytes for a file, (type, target) for a link or anything else."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
            else:
                info.type, info.linkname = content
            tar.addfile(info, io.BytesIO(content if isinstance(content, bytes) else b""))
    return stream.getvalue()


def test_files_and_links_within_are_unpacked(tmp_path):
    unpack(archive(**{"a/b": b"text", "..c": b"", "a/link": (tarfile.SYMTYPE, "../a/b")}), tmp_path)
    assert (tmp_path / "a/link").read_text() == "text"


@pytest.mark.parametrize(
    "members",
    [
        {"../out": b"x"},
        {"a/../../out": b"x"},
        {"link": (tarfile.SYMTYPE, "/etc")},
        {"a/link": (tarfile.SYMTYPE, "../../out")},
        {"link": (tarfile.LNKTYPE, "../out")},
        {"device": (tarfile.CHRTYPE, "")},
    ],
)
def test_what_leads_outside_is_refused(tmp_path, members):
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(AksFlowError, match=r"\. Commit what it leads to in its place\.$"):
        unpack(archive(**members), folder)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
