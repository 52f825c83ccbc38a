"""Third-party images in the rehearsal's registry: the official ones, or replacements made of Debian packages.

A replacement is made with mmdebstrap (about 20 s), carries the host's CA bundle so that installs inside
a build work behind an intercepting proxy, and stays in the engine under a name of its own for the next time.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.config.sections import ThirdPartyImage
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed, Local
from aks_flow.image.names import copy_of
from aks_flow.rehearsal.standins.docker.errors import Unavailable
from aks_flow.target.registry import RegistryClient
from aks_flow.tools import docker

SUITE = "bookworm"
CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
Tell = Callable[[str], None]


def ensure(run: Local, registry: RegistryClient, config: Config, tell: Tell) -> None:
    """A copy of every third-party image in the target's registry."""
    missing = [
        image for image in config.images.values() if not registry.digest(copy_of(config, image.source))
    ]
    with ThreadPoolExecutor() as pool:  # two replacements take the time of one
        for copied in pool.map(partial(_provide, run, config, tell), missing):
            run.run(docker.push(copied))


def python_copy(config: Config) -> ImageRef:
    """The copy of `images.python`, which the stand-in cluster runs things in; AksFlowError without one."""
    if "python" not in config.images:
        step = "Add `python: {source: python:3.11-slim-bookworm}` there; a delivery to a cluster needs none."
        raise AksFlowError(
            "the rehearsal's cluster needs an image with Python", where="images", next_step=step
        )
    return copy_of(config, config.images["python"].source)


def _provide(run: Local, config: Config, tell: Tell, image: ThirdPartyImage) -> ImageRef:
    copy = copy_of(config, image.source)
    run.run(docker.tag(_original(run, image, tell), copy))
    return copy


def _original(run: Local, image: ThirdPartyImage, tell: Tell) -> ImageRef:
    official = image.source
    if run.run(docker.image_id(official)).code == 0:
        return official
    try:
        run.run(docker.pull(official))
        tell(f"{official}: the official image")
        return official
    except CommandFailed:
        return _replacement(run, image, tell)


def _replacement(run: Local, image: ThirdPartyImage, tell: Tell) -> ImageRef:
    recipe = hashlib.sha256(repr((SUITE, image.packages)).encode() + _ca_bundle()).hexdigest()[:12]
    repository = image.source.repository.rpartition("/")[2]
    replacement = ImageRef("", f"aks-flow/replacement-{repository}", recipe)
    if run.run(docker.image_id(replacement)).code != 0:
        if not shutil.which("mmdebstrap"):
            step = "Install it, or see to it that the engine can pull; then run the same command again."
            what = f"{image.source} cannot be pulled, nor made of packages: mmdebstrap is not installed"
            raise Unavailable(what, next_step=step)
        tell(f"{image.source} cannot be pulled: building a replacement from Debian packages (20 s or so)")
        _build(run, image, replacement)
    tell(f"{image.source}: a replacement made of the Debian packages {', '.join(image.packages)}")
    return replacement


def _build(run: Local, image: ThirdPartyImage, replacement: ImageRef) -> None:
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        root = Path(folder) / "root.tar"
        run.run(_bootstrap(image, root))
        run.run(_import(root, replacement))


def _bootstrap(image: ThirdPartyImage, root: Path) -> Command:
    packages = ",".join(image.packages)
    hooks = [f"--customize-hook=upload {CA_BUNDLE} {CA_BUNDLE}"] if _ca_bundle() else []
    folders = '--essential-hook=mkdir -p "$1/etc/ssl/certs"'
    return command("mmdebstrap", "--variant=minbase", f"--include={packages}", folders, *hooks, SUITE, root)


def _import(root: Path, replacement: ImageRef) -> Command:
    names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE") if _ca_bundle() else ()
    changes = [word for name in names for word in ("--change", f"ENV {name}={CA_BUNDLE}")]
    return command("docker", "import", *changes, root, replacement)


def _ca_bundle() -> bytes:
    file = Path(CA_BUNDLE)
    return file.read_bytes() if file.is_file() else b""
