"""Repositories of teams that know nothing of aks-flow, made of the small trees in shapes/."""

import atexit
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aks_flow.adopt.adoption import Adoption, plan_adoption
from aks_flow.adopt.asking import Given
from aks_flow.adopt.write import write
from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed, Local, NotInstalled, Runner
from tests.unit.manifests import helm

SHAPES = Path(__file__).parent / "shapes"
IDENTITY = ("-c", "user.name=team", "-c", "user.email=team@localhost", "-c", "commit.gpgsign=false")
PACKAGE = "aks-flow==0.1.0"


class WithHelm(Local):
    """This machine, with a Helm that renders the charts of tests."""

    def run(self, command: Command) -> Result:
        if command.argv[0] != "helm":
            return super().run(command)
        answer = helm.template(command)
        if answer.code:
            raise CommandFailed(command, answer)
        return answer


class WithoutHelm(Local):
    def run(self, command: Command) -> Result:
        if command.argv[0] == "helm":
            raise NotInstalled("the program 'helm' is not installed", next_step="Install it.")
        return super().run(command)


@dataclass(frozen=True)
class TeamRepository:
    path: Path

    def git(self, *words: str) -> str:
        command = ["git", "-C", str(self.path), *IDENTITY, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def put(self, file: str, text: str | bytes) -> None:
        place = self.path / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Change")

    def plan(self, run: Runner | None = None, **given) -> Adoption:
        """What an adoption would be, nobody being asked."""
        flags = Given(**{"package": PACKAGE, **given})
        return plan_adoption(run or WithHelm(), self.path, flags, lambda question, proposal: proposal)

    def adopt(self, run: Runner | None = None, **given) -> Adoption:
        adoption = self.plan(run, **given)
        write(self.path, [file for file in adoption.files if file.before is None or file.lines])
        return adoption

    def files(self) -> dict[str, bytes]:
        """All that is there, but for git's own."""
        paths = (path for path in self.path.rglob("*") if path.is_file())
        inside = {str(path.relative_to(self.path)): path.read_bytes() for path in paths}
        return {name: content for name, content in inside.items() if not name.startswith(".git/")}


@cache
def _adopted(shape: str) -> tuple[TeamRepository, Adoption]:
    """Made once: most of an adoption's time is kubectl's."""
    folder = tempfile.mkdtemp(prefix="aks-flow-adopted-")
    atexit.register(shutil.rmtree, folder)
    repository = shaped(Path(folder), shape)
    return repository, repository.adopt()


def adopted(folder: Path, shape: str) -> TeamRepository:
    """A copy of a repository of one of the shapes, adopted and not committed yet."""
    return TeamRepository(shutil.copytree(_adopted(shape)[0].path, folder / shape, symlinks=True))


def adoption(shape: str) -> Adoption:
    """What became of it."""
    return _adopted(shape)[1]


def shaped(folder: Path, shape: str, name: str = "") -> TeamRepository:
    """A repository of one of the shapes, committed on main."""
    path = folder / (name or shape)
    shutil.copytree(SHAPES / shape, path)
    made = TeamRepository(path)
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit()
    return made
