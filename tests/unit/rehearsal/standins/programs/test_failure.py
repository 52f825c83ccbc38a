"""What apt says when it fails, as apt 2.6 and 3.0 say it, becomes one sentence with a next step."""

import pytest

from aks_flow.core.command import Result
from aks_flow.rehearsal.standins.programs.failure import explain

UNREACHABLE = (
    "W: Failed to fetch http://deb.example/debian/dists/trixie/InRelease  Could not resolve 'deb.example'\n"
    "W: Some index files failed to download. They have been ignored, or old ones used instead.\n"
)


def sentence(said: str, refreshed: str = "", out: str = "") -> str:
    result = Result(100, out.encode(), said.encode())
    return str(explain("installing mmdebstrap", result, Result(0, b"", refreshed.encode())))


NO_SPACE = "(28: No space left on device)"
FULL_WHILE_UNPACKING = """\
dpkg: error processing archive /var/cache/apt/archives/docker.io.deb (--unpack):
 cannot copy extracted data for './usr/sbin/dockerd': failed to write (No space left on device)
E: Sub-process /usr/bin/dpkg returned an error code (1)
"""
MISSING = "http://deb.example/pool/x_1_all.deb"
REFUSED = "Could not connect to deb.example:81 (192.0.2.1). - connect (111: Connection refused)"
NO_SUCH = "there is no such package in apt's sources (docker-cli)"


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("E: You don't have enough free space in /var/cache/.\n", "the disk is full (/var/cache/)"),
        (FULL_WHILE_UNPACKING, "the disk is full"),
        (f"E: Failed to fetch {MISSING}  Error writing to file - write {NO_SPACE}", "the disk is full"),
        (
            f"E: Failed to fetch {MISSING}  404  Not Found [IP: 192.0.2.1 80]\nE: Some files failed\n",
            f"the package mirror answers 404 ({MISSING})",
        ),
        (
            f"E: Failed to fetch http://deb.example:81/x.deb  {REFUSED} [IP: 192.0.2.1 81]\n",
            f"the package mirror cannot be reached (deb.example:81, {REFUSED})",
        ),
        ("E: Unable to locate package docker-cli\n", NO_SUCH),
        ("E: Package 'docker-cli' has no installation candidate\n", NO_SUCH),
        ("E: Packages need to be removed but remove is disabled.\n", "packages of yours would be removed"),
        ("E: something new\n", "something new"),
        ("", "it said nothing"),
    ],
)
def test_the_cause_is_said_with_what_to_do(said, cause):
    told = sentence(said)
    assert told.startswith(f"installing mmdebstrap failed: {cause}. ")
    assert "\n" not in told and told.endswith("it goes on where it was.")


def test_an_unknown_package_is_no_wonder_without_a_network():
    told = sentence("E: Unable to locate package mmdebstrap\n", refreshed=UNREACHABLE)
    assert "the package mirror cannot be reached (deb.example, Could not resolve 'deb.example')" in told


def test_a_source_out_of_reach_explains_nothing_else():
    told = sentence("E: something new\n", refreshed=UNREACHABLE)
    assert told.startswith("installing mmdebstrap failed: something new")


def test_the_last_thing_said_counts_where_nothing_is_known():
    assert "failed: the end." in sentence("", out="a start\nthe end\n\n")
