"""A remote, a clone with the project's manifests, and a registry: real git, no network, no engine."""

import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from aks_flow.core.config import Config
from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local, Runner
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.image.names import REVISION, VERSION
from aks_flow.target.delivery import DeliveryContext
from tests.unit.gitops.objects import digest

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = Path(sys.executable).parent  # kubectl is installed beside Python
ENVIRONMENT = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
IDENTITY = ("-c", "user.name=Ann", "-c", "user.email=ann@localhost")


def git(repo: Path, *words: object, **rest) -> str:
    done = subprocess.run(
        ["git", "-C", repo, *IDENTITY, *map(str, words)], check=True, capture_output=True, text=True, **rest
    )
    return done.stdout.strip()


@dataclass
class Shelf:
    """A registry that holds versions of the app (each its own digest) and copies of all else."""

    versions: list[str] = field(default_factory=list)
    revision: str = ""

    def tags(self, image: ImageRef) -> list[str]:
        return [*self.versions, "latest", "tree-0123456789"]

    def digest(self, image: ImageRef) -> str | None:
        absent = image.repository == "front" and image.tag not in self.versions
        return None if absent else digest(f"{image.repository}:{image.tag}")

    def document(self, image: ImageRef, path: str) -> dict:
        labels = {VERSION: image.tag, REVISION: self.revision}
        return {"config": {"digest": digest("configuration"), "Labels": labels}}


@dataclass
class World:
    """``remote``: the bare repository. ``clone``: the person's, at the source commit."""

    folder: Path
    remote: Path
    clone: Path
    shelf: Shelf
    environments: dict[str, str] = field(default_factory=dict)
    gates: dict[str, dict] = field(default_factory=dict)
    run: Runner = field(default_factory=Local)

    @property
    def config(self) -> Config:
        settings = yaml.safe_load((ROOT / "invoke.yaml").read_text())
        settings["targets"]["rehearsal"]["repository"] = str(self.remote)
        for name, admits in self.environments.items():
            settings["environments"][name] = {"namespace": f"vote-{name}", "admits": admits}
        for name, asked in self.gates.items():
            settings["environments"][name]["gates"] = asked
        return load(settings, self.clone)

    @property
    def context(self) -> DeliveryContext:
        return DeliveryContext(self.run, self.shelf, self.config, Steps(Silent()))

    def commit(self, message: str, **files: str) -> str:
        for name, text in files.items():
            path = self.clone / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "--allow-empty", "-m", message)
        git(self.clone, "push", "--quiet", "origin", "HEAD:develop")
        return git(self.clone, "rev-parse", "HEAD")

    def publish(self, *versions: str) -> None:
        """Versions appear in the registry, all built from the clone's HEAD."""
        self.shelf.versions += versions
        self.shelf.revision = git(self.clone, "rev-parse", "HEAD")

    def add_environment(self, name: str, admits: str = "any") -> None:
        """One more environment, its overlay a copy of dev's; to be committed."""
        self.environments[name] = admits
        overlays = self.clone / "manifests" / "overlays"
        shutil.copytree(overlays / "dev", overlays / name)

    def init(self) -> None:
        init_branch(open_branch(self.run, self.config))

    def tip(self) -> str:
        return git(self.remote, "rev-parse", "refs/heads/gitops")

    def commits(self) -> int:
        return int(git(self.remote, "rev-list", "--count", "refs/heads/gitops"))

    def show(self, path: str) -> str:
        return git(self.remote, "show", f"refs/heads/gitops:{path}")

    def pin(self, environment: str = "dev") -> str:
        """The tag that the branch pins, its digest beside it."""
        entry = self.entry(environment)
        assert entry["digest"] == digest(f"front:{entry['newTag']}")
        return entry["newTag"]

    def entry(self, environment: str) -> dict:
        """The app's entry of `images`, read by other eyes than the flow's."""
        text = self.show(f"{environment}/overlays/{environment}/kustomization.yaml")
        [entry] = [one for one in yaml.safe_load(text)["images"] if one["name"] == "front"]
        return entry

    def trailers(self) -> str:
        return git(self.remote, "log", "-1", "--format=%(trailers)", "refs/heads/gitops")

    def cloned(self, name: str, *flags: str) -> "World":
        """The same world, seen from another clone."""
        other = self.folder / name
        git(self.folder, "clone", "--quiet", "--branch=develop", *flags, self.remote.as_uri(), other)
        return replace(self, clone=other)


def make(folder: Path) -> World:
    """A world whose branch is not made yet."""
    remote, clone = folder / "remote.git", folder / "a clone; with $(id)"
    clone.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=develop", remote)
    git(clone, "init", "--quiet", "--initial-branch=develop")
    git(clone, "remote", "add", "origin", remote)
    for name in ("base", "overlays"):
        shutil.copytree(ROOT / "manifests" / name, clone / "manifests" / name)
    world = World(folder, remote, clone, Shelf())
    world.commit("Start")
    return world


def copy(original: World, folder: Path) -> World:
    """The same world at another place: much faster than making one."""
    shutil.copytree(original.folder, folder, dirs_exist_ok=True)
    shelf = replace(original.shelf, versions=[*original.shelf.versions])
    moved = World(folder, folder / original.remote.name, folder / original.clone.name, shelf)
    git(moved.clone, "remote", "set-url", "origin", moved.remote)
    return moved
