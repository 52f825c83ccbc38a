"""Which programs the rehearsal and the tests start, and which packages bring them, release by release."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A program as it is called, and why it is needed.

    instead: what does its work where it cannot be installed; "" if nothing does.
    taken: its file alone is taken out of the package, because the package would start a server.
    server: its package starts a server wherever something starts servers, and is not installed there.
    """

    name: str
    why: str
    instead: str = ""
    taken: bool = False
    server: bool = False


REHEARSAL = (
    Program("docker", "the Docker client"),
    Program("dockerd", "the Docker engine"),
    Program("docker-registry", "the OCI registry", instead="its official image", taken=True),
    Program("mmdebstrap", "base images made of packages", instead="the official images"),
)

TESTS = (
    Program("redis-server", "the app's own tests", server=True),
    Program("sshd", "a jump host", server=True),
    Program("ssh-keygen", "a jump host's keys"),
    Program("ip", "networks of the tests' own"),
    Program("iptables", "networks of the tests' own"),
    Program("mount", "small file systems, to be filled"),
    Program("umount", "small file systems, to be filled"),
    Program("pivot_root", "namespaces of the tests' own"),
    Program("nsenter", "namespaces of the tests' own"),
    Program("unshare", "namespaces of the tests' own"),
)

_EVERYWHERE = {
    "dockerd": ("docker.io",),
    "docker-registry": ("docker-registry",),
    "mmdebstrap": ("mmdebstrap",),
    "redis-server": ("redis-server",),
    "sshd": ("openssh-server",),
    "ssh-keygen": ("openssh-client",),
    "ip": ("iproute2",),
    "iptables": ("iptables",),
    "mount": ("mount",),
    "umount": ("mount",),
    "nsenter": ("util-linux",),
    "pivot_root": ("util-linux",),
    "unshare": ("util-linux",),
}
_UBUNTU = _EVERYWHERE | {
    "docker": ("docker.io", "docker-buildx"),
    "mmdebstrap": ("mmdebstrap", "debian-archive-keyring"),  # the images are Debian's, on Ubuntu too
}

# By codename, the newest of each family last: a derivative of unknown codename is taken for that.
PACKAGES: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "debian": {
        "bookworm": _EVERYWHERE | {"docker": ("docker.io",)},
        "trixie": _EVERYWHERE | {"docker": ("docker-cli", "docker-buildx")},
    },
    "ubuntu": {"jammy": _UBUNTU, "noble": _UBUNTU, "resolute": _UBUNTU},
}


@dataclass(frozen=True)
class Release:
    """A release of a distribution.

    name: for people, with the release that it is taken for if its own is not known.
    packages: what brings a program, by the program's name.
    """

    name: str
    packages: Mapping[str, tuple[str, ...]]

    def bring(self, programs: Iterable[Program]) -> list[str]:
        """The packages of these programs, each once."""
        return list(dict.fromkeys(package for program in programs for package in self.packages[program.name]))


def release(facts: Mapping[str, str]) -> Release | None:
    """The release that os-release(5) states; None if it is no kin of Debian's."""
    name = facts.get("PRETTY_NAME", "this distribution")
    kin = (facts.get("ID", ""), *facts.get("ID_LIKE", "").split())
    family = next((PACKAGES[ancestor] for ancestor in ("ubuntu", "debian") if ancestor in kin), None)
    if family is None:
        return None
    for key in ("UBUNTU_CODENAME", "DEBIAN_CODENAME", "VERSION_CODENAME"):
        if codename := facts.get(key) if facts.get(key) in family else "":
            return Release(name, family[codename])
    newest = list(family)[-1]
    return Release(f"{name}, taken for {newest}", family[newest])
