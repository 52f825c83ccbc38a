"""Which packages bring a program on which release."""

import pytest

from aks_flow.rehearsal.standins.programs.table import PACKAGES, REHEARSAL, Program, release

BOOKWORM = ["docker.io", "docker-registry", "mmdebstrap"]
TRIXIE = ["docker-cli", "docker-buildx", "docker.io", "docker-registry", "mmdebstrap"]
UBUNTU = ["docker.io", "docker-buildx", "docker-registry", "mmdebstrap", "debian-archive-keyring"]


def facts(name: str, like: str = "", **more: str) -> dict[str, str]:
    return {"ID": name, "ID_LIKE": like, "PRETTY_NAME": name.title(), **more}


@pytest.mark.parametrize(
    ("stated", "packages"),
    [
        (facts("debian", VERSION_CODENAME="bookworm"), BOOKWORM),
        (facts("debian", VERSION_CODENAME="trixie"), TRIXIE),
        (facts("ubuntu", "debian", VERSION_CODENAME="jammy", UBUNTU_CODENAME="jammy"), UBUNTU),
        (facts("ubuntu", "debian", VERSION_CODENAME="noble", UBUNTU_CODENAME="noble"), UBUNTU),
        (facts("ubuntu", "debian", VERSION_CODENAME="resolute", UBUNTU_CODENAME="resolute"), UBUNTU),
        (facts("linuxmint", "ubuntu debian", VERSION_CODENAME="wilma", UBUNTU_CODENAME="noble"), UBUNTU),
        (facts("linuxmint", "debian", VERSION_CODENAME="faye", DEBIAN_CODENAME="bookworm"), BOOKWORM),
        (facts("raspbian", "debian", VERSION_CODENAME="bookworm"), BOOKWORM),
    ],
)
def test_a_known_release_has_its_own_names(stated, packages):
    known = release(stated)
    assert known.bring(REHEARSAL) == packages
    assert known.name == stated["PRETTY_NAME"]


@pytest.mark.parametrize(
    ("stated", "newest", "packages"),
    [
        (facts("debian"), "trixie", TRIXIE),  # testing and sid state no codename of their own in time
        (facts("kali", "debian", VERSION_CODENAME="kali-rolling"), "trixie", TRIXIE),
        (facts("ubuntu", "debian", VERSION_CODENAME="zesty"), "resolute", UBUNTU),
    ],
)
def test_an_unknown_one_of_the_family_is_taken_for_the_newest_and_says_so(stated, newest, packages):
    known = release(stated)
    assert known.bring(REHEARSAL) == packages
    assert known.name == f"{stated['PRETTY_NAME']}, taken for {newest}"


@pytest.mark.parametrize("stated", [facts("fedora"), facts("rocky", "rhel centos fedora"), {}])
def test_another_family_has_no_packages_here(stated):
    assert release(stated) is None


def test_every_release_knows_every_program():
    names = {program.name for program in REHEARSAL}
    packages = [known for family in PACKAGES.values() for known in family.values()]
    assert all(set(known) == names for known in packages)


def test_a_program_that_names_its_package_needs_no_table():
    known = release(facts("debian", VERSION_CODENAME="bookworm"))
    assert known.bring([Program("sshd", "a jump host", package="openssh-server")]) == ["openssh-server"]
