"""What stands in for an image that cannot be pulled: Debian packages, which lack what the original adds.

It is made with mmdebstrap (about 20 s), carries the host's CA bundle so that installs inside a build work
behind an intercepting proxy, and stays in the engine under a name of its own for the next time.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.config.sections import ThirdPartyImage
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.docker.errors import Unavailable
from aks_flow.tools import docker

SUITE = "bookworm"
CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
LACKS = "it has none of the original's entry point, default command, user, variables, ports and own files"
# Left out as by Debian's own slim images: a third less to pack and to send. They go at the end: for
# dpkg's path-exclude mmdebstrap filters each archive by a program, which makes the whole a quarter longer.
_WITHOUT_DOCUMENTS = (
    r'--customize-hook=find "$1/usr/share" -regex ".*/usr/share/\(doc\|info\|locale\|man\)/.*"'
    " ! -type d ! -name copyright -delete"
)
# mmdebstrap's own hook for the package usr-is-merged: without it usrmerge comes in, and with that all of
# Perl, which Debian's own images do not have either (a quarter of Python's replacement).
_MERGED_USR = "/usr/share/mmdebstrap/hooks/merged-usr"
_UNSYNCED = "--dpkgopt=force-unsafe-io"  # as Debian's own images: no step of it need be on the disk
# Of an image by its last name: what builds upon the original rely on, and Debian does otherwise.
_AS_THE_ORIGINAL = {
    "python": (
        '--customize-hook=rm --force "$1"/usr/lib/python3*/EXTERNALLY-MANAGED',  # pip installs without a venv
        '--customize-hook=ln --symbolic --force python3 "$1/usr/bin/python"',
    )
}
_CAN_PULL = "see to it that the engine can pull; then run the same command again."


def make(run: Local, image: ThirdPartyImage, tell: Callable[[str], None]) -> ImageRef:
    """The replacement's name in the engine; ``tell`` hears what it is made of, and what it lacks.

    Unavailable if no packages are given for it, or if the program that makes it is not here.
    """
    if not image.packages:
        what = f"{image.source} cannot be pulled, and no Debian packages are named that could replace it"
        raise Unavailable(what, where="images", next_step=f"Name its `packages`, or {_CAN_PULL}")
    made = ImageRef("", f"aks-flow/replacement-{_last_name(image)}", _recipe(image))
    if run.run(docker.image_id(made)).code != 0:
        if not shutil.which("mmdebstrap"):
            what = f"{image.source} cannot be pulled, nor made of packages: mmdebstrap is not installed"
            raise Unavailable(what, next_step=f"Install it, or {_CAN_PULL}")
        tell(f"{image.source} cannot be pulled: building one from Debian packages (a minute or two)")
        _build(run, image, made)
    versions = ", ".join(run.run(_installed(made, image)).text.splitlines())
    tell(f"{image.source}: a replacement made of Debian {SUITE}'s {versions}; {LACKS}")
    return made


def _last_name(image: ThirdPartyImage) -> str:
    return image.source.repository.rpartition("/")[2]


def _recipe(image: ThirdPartyImage) -> str:
    recipe = repr((SUITE, image.packages, _options(image))).encode() + _ca_bundle()
    return hashlib.sha256(recipe).hexdigest()[:12]


def _options(image: ThirdPartyImage) -> tuple[str, ...]:
    without_perl = [f"--hook-dir={_MERGED_USR}"] if Path(_MERGED_USR).is_dir() else []
    return (_WITHOUT_DOCUMENTS, _UNSYNCED, *without_perl, *_AS_THE_ORIGINAL.get(_last_name(image), ()))


def _build(run: Local, image: ThirdPartyImage, made: ImageRef) -> None:
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        root = Path(folder) / "root.tar"
        run.run(_bootstrap(image, root))
        run.run(_import(root, made))


def _bootstrap(image: ThirdPartyImage, root: Path) -> Command:
    packages = ",".join(image.packages)
    hooks = [f"--customize-hook=upload {CA_BUNDLE} {CA_BUNDLE}"] if _ca_bundle() else []
    folders = '--essential-hook=mkdir -p "$1/etc/ssl/certs"'
    options = (f"--include={packages}", *_options(image), folders, *hooks)
    return command("mmdebstrap", "--variant=minbase", *options, SUITE, root)


def _import(root: Path, made: ImageRef) -> Command:
    names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE") if _ca_bundle() else ()
    changes = [word for name in names for word in ("--change", f"ENV {name}={CA_BUNDLE}")]
    return command("docker", "import", *changes, root, made)


def _installed(made: ImageRef, image: ThirdPartyImage) -> Command:
    """A line for each package, with its version."""
    ask = ("dpkg-query", "--show", "--showformat=${Package} ${Version}\\n", *image.packages)
    return command("docker", "run", "--rm", "--network=none", made, *ask)


def _ca_bundle() -> bytes:
    file = Path(CA_BUNDLE)
    return file.read_bytes() if file.is_file() else b""
