"""Many writers at once, each a process with its own clone: ours, and the loop that people write first."""

import multiprocessing
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.deliver import deliver
from tests.e2e.gitops.world import World, git

TRIES = 10  # of the naive loop
Writer = Callable[[World, str, str], str]


@dataclass(frozen=True)
class Race:
    """seconds: from the start of all to the end of the last. said: what each writer ended with."""

    seconds: float
    said: list[str]

    @property
    def failures(self) -> list[str]:
        return [words for words in self.said if words.startswith("failed")]


def ours(world: World, environment: str, version: str) -> str:
    try:
        return deliver(world.context, environment, version).status
    except AksFlowError as error:
        return f"failed: {error}"


def naive(world: World, environment: str, version: str) -> str:
    """Check the branch out, edit the tag, commit, push; refused, `pull --rebase` and push again."""
    file = world.clone / environment / "overlays" / environment / "kustomization.yaml"
    file.write_text(re.sub(r"(name: front\n.*\n\s+newTag: ).*", rf'\1"{version}"', file.read_text()))
    git(world.clone, "commit", "--quiet", "--all", "-m", version)
    for _ in range(TRIES):
        if _succeeds(world.clone, "push", "--quiet", "origin", "HEAD:gitops"):
            return "written"
        if not _succeeds(world.clone, "pull", "--quiet", "--rebase", "origin", "gitops"):
            return "failed: the rebase ended in a conflict"
    return f"failed: {TRIES} pushes refused"


def run(world: World, writer: Writer, jobs: list[tuple[str, str]], branch: str = "develop") -> Race:
    """All (environment, version) deliveries at once; clones are made before the clock starts."""
    context = multiprocessing.get_context("fork")
    worlds = [_clone(world, f"{writer.__name__}-{number}", branch) for number in range(len(jobs))]
    start, answers = context.Barrier(len(jobs) + 1), context.SimpleQueue()

    def one(own: World, job: tuple[str, str]) -> None:
        start.wait()
        try:
            answers.put(writer(own, *job))
        except BaseException as error:
            answers.put(f"failed: {error!r}")

    processes = [
        context.Process(target=one, args=pair, daemon=True) for pair in zip(worlds, jobs, strict=True)
    ]
    for process in processes:
        process.start()
    start.wait()
    began = time.perf_counter()
    said = [answers.get() for _ in jobs]
    return Race(time.perf_counter() - began, said)


def _clone(world: World, name: str, branch: str) -> World:
    path: Path = world.folder / name
    git(world.folder, "clone", "--quiet", f"--branch={branch}", world.remote, path)
    git(path, "config", "user.name", "Ann")
    git(path, "config", "user.email", "ann@localhost")
    return replace(world, clone=path)


def _succeeds(clone: Path, *words: str) -> bool:
    return not subprocess.run(["git", "-C", clone, *words], capture_output=True).returncode
