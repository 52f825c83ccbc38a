"""Builds of the app's image that leave nothing behind."""

import json
import os
import re
import shutil
import subprocess
import uuid
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
OLD = 1_000_000_000  # seconds; a time no checkout has


def docker(*argv: object, ok: bool = True) -> str:
    done = subprocess.run(["docker", *map(str, argv)], capture_output=True, text=True)
    assert done.returncode == 0 or not ok, done.stderr
    return done.stdout.strip()


def checkout(folder: Path, mode: int = 0o644, time: int | None = None) -> Path:
    """A copy of the app as another checkout has it: with other file times and another umask."""
    tree = shutil.copytree(APP, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in tree.rglob("*"):
        path.chmod(mode if path.is_file() else mode | mode >> 2 & 0o111)
        if time is not None:
            os.utime(path, (time, time))
    return tree


class Builds:
    """Builds on one base image; ``remove`` takes away what they made, stages included."""

    def __init__(self, base: str):
        self.base = base
        self._made: list[str] = []

    def build(self, tree: Path, *options: str, **arguments: str) -> str:
        """A name for the image built from ``tree``; keyword arguments are the Dockerfile's."""
        name = f"aks-flow-test/front:{uuid.uuid4().hex[:12]}"
        given = [f"--build-arg={key}={value}" for key, value in arguments.items()]
        output = docker(
            "build", f"--build-arg=PYTHON_IMAGE={self.base}", *given, *options, "--tag", name, tree
        )
        if "--no-cache" in options:
            self._made += re.findall(r"^ ---> ([0-9a-f]{12})$", output, re.MULTILINE)
        self._made.append(name)
        return name

    def remove(self) -> None:
        keep = inspect(self.base)["Id"].removeprefix("sha256:")[:12]
        for image in reversed(self._made):
            if image != keep:
                docker("image", "rm", "--force", image, ok=False)


def inspect(image: str) -> dict:
    return json.loads(docker("image", "inspect", image))[0]


def layers(image: str) -> list[str]:
    return inspect(image)["RootFS"]["Layers"]
