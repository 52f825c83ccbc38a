"""apt's commands, and its words as apt 2.6 and 3.0 say them."""

from pathlib import Path

import pytest

from aks_flow.core.command import Result
from aks_flow.tools import apt

HELD = "E: Could not get lock {}. It is held by process 348 (unattended-upgr)\n"
LOCKS = ("/var/lib/apt/lists/lock", "/var/cache/apt/archives/lock", "/var/lib/dpkg/lock")


def test_an_installation_waits_for_dpkg_asks_nothing_and_removes_nothing():
    command = apt.install(["docker.io", "mmdebstrap"])
    assert str(command) == (
        "apt-get install --quiet --option=DPkg::Lock::Timeout=3 --yes --no-install-recommends --no-remove"
        " docker.io mmdebstrap"
    )
    assert command.env == {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def test_what_only_asks_changes_nothing():
    assert apt.addresses(["mmdebstrap"]).reads and apt.archive_addresses(["mmdebstrap"]).reads
    assert not any(command.reads for command in (apt.update(), apt.install([]), apt.configure()))


def test_an_archive_goes_into_the_folder_that_is_asked_for(tmp_path):
    assert apt.download("docker-registry", tmp_path).cwd == tmp_path
    assert apt.extract(Path("a.deb"), tmp_path).argv == ("dpkg-deb", "--extract", "a.deb", str(tmp_path))


def test_the_size_is_the_sum_of_what_would_be_fetched():
    said = (
        "'http://deb.example/pool/t/tini_0.19.0-1_amd64.deb' tini_0.19.0-1_amd64.deb 255776 MD5Sum:a61f\n"
        "'http://deb.example/m/mmdebstrap_1.3.5-7_all.deb' mmdebstrap_1.3.5-7_all.deb 113144 \n"
    )
    assert apt.size(said) == 368920
    assert apt.size("") == 0


@pytest.mark.parametrize("lock", LOCKS)
def test_the_holder_of_a_lock_is_named(lock):
    assert apt.lock_holder(Result(100, b"", HELD.format(lock).encode())) == "process 348 (unattended-upgr)"


def test_the_holder_is_named_after_apt_has_waited_for_dpkg_too():
    lock = "/var/lib/dpkg/lock-frontend"
    waited = f"Waiting for cache lock: {HELD.format(lock).strip()}...\n".encode()
    failed = f"E: Unable to acquire the dpkg frontend lock ({lock}), is another process using it?\n".encode()
    assert apt.lock_holder(Result(100, waited, failed)) == "process 348 (unattended-upgr)"
    assert apt.lock_holder(Result(100, b"", failed)) == "another program"


def test_a_held_database_is_a_lock_although_apt_names_nobody():
    said = b"E: Unable to lock the administration directory (/var/lib/dpkg/), is another process using it?\n"
    assert apt.lock_holder(Result(100, b"", said)) == "another program"
    said = b"E: Unable to lock the administration directory (/var/lib/dpkg/), are you root?\n"
    assert apt.lock_holder(Result(100, b"", said)) == ""


def test_a_dpkg_of_its_own_is_a_holder_too():
    said = b"dpkg: error: dpkg database lock was locked by another process with pid 82\n"
    assert apt.lock_holder(Result(2, b"", said)) == "pid 82"


@pytest.mark.parametrize(
    "said",
    ["E: Unable to locate package x", "E: Could not open lock file x - open (13: Permission denied)", ""],
)
def test_other_failures_are_no_locks(said):
    assert apt.lock_holder(Result(100, b"", said.encode())) == ""


def test_what_went_well_was_not_locked_whatever_it_says():
    waited = HELD.format(LOCKS[2]).encode()
    assert apt.lock_holder(Result(0, waited, b"")) == ""
