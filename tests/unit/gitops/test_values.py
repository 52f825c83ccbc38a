"""Messages, holds and git's answers as values."""

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.branch import hold
from aks_flow.gitops.branch.message import message
from aks_flow.tools.git import objects

IMAGE = ImageRef("localhost:5050", "front", "1.5.0", "sha256:" + "a" * 64)


def test_a_message_has_a_subject_and_trailers_on_one_line_each():
    text = message("Undo\ndev", "dev", IMAGE, Source_Commit="abc", Reason="two\n\nInjected: yes", Restores="")
    assert text.splitlines() == [
        "Undo dev",
        "",
        "Environment: dev",
        "Image: localhost:5050/front:1.5.0",
        f"Digest: {IMAGE.digest}",
        "Source-Commit: abc",
        "Reason: two Injected: yes",
    ]


def test_a_hold_s_reason_survives_whatever_it_says():
    for reason in ("bad: it's #1", "ünï", "yes", "two\nlines"):
        assert hold.read(hold.write(reason)) == reason


def test_a_hold_holds_whatever_its_file_says():
    assert hold.read(None) == ""
    for content in (b"", b"- list", b": [", b"reason:", b"\xff"):
        assert hold.read(content) == "no reason is given"


def test_objects_are_read_by_size_so_that_no_content_confuses_them():
    answer = b"abc blob 12\nx missing\n\ny\nHEAD:no missing\ndef blob 0\n\n"
    assert objects.parse_objects(answer) == [b"x missing\n\ny", None, b""]


def test_entries_keep_odd_names():
    text = "100644 blob aa\ta name\twith tab\n\x00040000 tree bb\tdev\0"
    assert objects.parse_entries(text) == {
        "a name\twith tab\n": objects.TreeEntry("100644", "blob", "aa"),
        "dev": objects.folder("bb"),
    }
