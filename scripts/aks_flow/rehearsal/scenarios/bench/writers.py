"""Fifty writers of one pin at once, each a process with a clone of its own, beside one commit of all.

The one commit is a delivery of a version newer than theirs: what a single writer would do for all of them.
"""

import multiprocessing
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import source
from aks_flow.gitops.branch import history
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.outcome import SUPERSEDED, WRITTEN
from aks_flow.image import build
from aks_flow.rehearsal.scenarios.bench import scratch
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.bench.pairs import MeasuredPair
from aks_flow.rehearsal.standins.github import github_process
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient
from aks_flow.tools.git import remotes

WRITERS = 50
ENVIRONMENT = "one"
_NEWEST = WRITERS + 1  # whose writer is alone
_CODES = {WRITTEN: 10, SUPERSEDED: 11}  # what a writer's process ends with
_ALL_READY = 60  # seconds until all writers stand at the start


def measure(context: DeliveryContext, runs: int) -> list[Figure]:
    """The ratio, both sides in seconds, and how many versions were lost."""
    project = scratch.inside(context, scratch.make(context, {ENVIRONMENT: 1}))
    digest = _publish(project)
    name = f"pull: {WRITERS} writers of one pin, all at once"
    pair, lost = MeasuredPair(name, None, "one commit of all"), []
    for _ in range(runs):
        race = _Race(project, digest)
        pair.sample(race.run, race.write_newest)
        lost.append(race.lost)
    return [*pair.figures, Figure(f"{name}: versions neither written nor superseded", "", 0, lost)]


def version(number: int) -> str:
    """Read as text, 9 would be newer than 50."""
    return f"0.1.0-alpha.{number}"


def lost(codes: list[int], commits: int, newest: bool) -> int:
    """How many versions are gone. Pure.

    codes: what the writers ended with. commits: how many of their commits the branch has. newest: whether
    the newest of their versions was the branch's at the end.
    """
    written = min(commits, codes.count(_CODES[WRITTEN]))
    return max(len(codes) - written - codes.count(_CODES[SUPERSEDED]), 0 if newest else 1)


def _publish(project: DeliveryContext) -> str:
    """All versions in the registry, all of the project's commit; their digest."""
    config = project.config
    image = build.ensure(project, source.read(project.run, config.root, config.branches)).image
    for number in range(_NEWEST + 1):
        project.registry.tag(image, version(number))
    return image.digest


class _Race:
    """A new remote, on whose branch the environment has version 0, and clones of it, one for each writer."""

    def __init__(self, project: DeliveryContext, digest: str):
        self._digest, folder = digest, project.config.state / "writers"
        shutil.rmtree(folder, ignore_errors=True)
        remote = folder / "remote.git"
        github_process.make_repository(project.run, remote)
        project.run.run(remotes.push(project.config.root, str(remote), "HEAD:refs/heads/main"))
        self._own = [_clone(project, remote, folder / str(number)) for number in range(_NEWEST + 1)]
        self._branch = open_branch(project.run, self._own[0].config)
        init_branch(self._branch)
        self._write(0)
        context = multiprocessing.get_context("fork")
        self._start = context.Barrier(WRITERS + 1, timeout=_ALL_READY)
        self._writers = [context.Process(target=self._write_at_once, args=(n,)) for n in range(1, _NEWEST)]
        for writer in self._writers:
            writer.start()

    def run(self) -> None:
        """From the start of all to the end of the last."""
        self._start.wait()
        for writer in self._writers:
            writer.join()
        tip = self._branch.tip()
        self.lost = lost(
            [writer.exitcode for writer in self._writers],
            len(history.history(self._branch, tip, ENVIRONMENT)) - 1,
            self._branch.state(tip, ENVIRONMENT).image.tag == version(WRITERS),
        )

    def write_newest(self) -> None:
        self._write(_NEWEST)

    def _write(self, number: int) -> str:
        return deliver(self._own[number], ENVIRONMENT, version(number), self._digest).status

    def _write_at_once(self, number: int) -> None:
        """In a process of its own: its exit code tells what came of it."""
        self._start.wait()
        try:
            status = self._write(number)
        except AksFlowError as error:
            sys.exit(str(error))
        sys.exit(_CODES[status])


def _clone(project: DeliveryContext, remote: Path, repo: Path) -> DeliveryContext:
    """The project in a clone of its own, with a connection of its own to the registry."""
    project.run.run(remotes.clone(remote, repo))
    config = scratch.inside(project, repo).config
    own = replace(config.targets[config.target], repository=str(remote))
    registry = RegistryClient(config.destination.registry_host)
    config = replace(config, targets={**config.targets, config.target: own})
    return replace(project, config=config, registry=registry)
