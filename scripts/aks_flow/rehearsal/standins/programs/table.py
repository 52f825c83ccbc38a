"""Which programs the rehearsal starts, and which packages bring them, release by release."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A program as it is called, and why it is needed.

    instead: what does its work where it cannot be installed; "" if nothing does.
    taken: its file alone is taken out of the package, because the package would start a server.
    server: its package starts a server wherever something starts servers, and is not installed there.
    package: what brings it on every release; "": the table below has it by release.
    """

    name: str
    why: str
    instead: str = ""
    taken: bool = False
    server: bool = False
    package: str = ""


REHEARSAL = (
    Program("docker", "the Docker client"),
    Program("dockerd", "the Docker engine"),
    Program("docker-registry", "the OCI registry", instead="its official image", taken=True),
    Program("mmdebstrap", "base images made of packages", instead="the official images"),
)

_EVERYWHERE = {
    "dockerd": ("docker.io",),
    "docker-registry": ("docker-registry",),
    "mmdebstrap": ("mmdebstrap",),
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
        named = (
            (program.package,) if program.package else self.packages[program.name] for program in programs
        )
        return list(dict.fromkeys(package for packages in named for package in packages))


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
