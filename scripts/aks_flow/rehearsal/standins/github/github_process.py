"""The stand-in's process and its repository, started and stopped."""

import shlex
import sys
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github.hub import DEFAULT_BRANCH, Hub
from aks_flow.rehearsal.standins.process.processes import SOURCES, Process
from aks_flow.tools.git import remotes, settings

_SERVES_WITHIN = 20  # seconds


def process(config: Config) -> Process:
    return Process("github", config.state / "github")


def hub(run: Local, config: Config) -> Hub:
    return Hub(run, Path(config.destination.repository), process(config).folder)


def ensure(run: Local, config: Config) -> None:
    """A repository whose pushes start workflows, and the process that carries them out.

    A second call changes nothing; runs that were queued in between are taken up.
    """
    place = hub(run, config)
    make_with_tags(run, place.repository, config.root)
    place.state.mkdir(parents=True, exist_ok=True)
    _hook(place)
    if not place.variables:
        place.set_variables(_variables(config))
    service = process(config)
    if not service.pid():
        service.start(run, _python(place, "aks_flow.rehearsal.standins.github"))
        service.ready(lambda: place.served_by == str(service.pid()), "the rehearsal's GitHub", _SERVES_WITHIN)


def stop(config: Config) -> None:
    process(config).stop()


def make_with_tags(run: Local, folder: Path, project: Path) -> None:
    """A bare repository with a project's tags, unless it is there: GitHub has those of earlier releases.

    Fetched, not pushed: no workflow starts.
    """
    if not (folder / "HEAD").is_file():
        make_repository(run, folder)
        run.run(remotes.fetch_tags(folder, str(project)))


def make_repository(run: Local, folder: Path) -> None:
    """A bare repository, unless it is there. Its hooks are its own, not those that a person has for all."""
    if not (folder / "HEAD").is_file():
        run.run(command("git", "init", "--quiet", "--bare", f"--initial-branch={DEFAULT_BRANCH}", folder))
        run.run(settings.change(folder, "core.hooksPath", "hooks"))


def _hook(place: Hub) -> None:
    """Written anew each time: it names this clone's Python."""
    hook = place.repository / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    words = shlex.join(str(word) for word in _python(place, "aks_flow.rehearsal.standins.github.hook").argv)
    draft = hook.with_suffix(".new")
    draft.write_text(
        f"#!/bin/sh\nunset GIT_DIR GIT_QUARANTINE_PATH\ncd {shlex.quote(str(SOURCES))} && exec {words}\n"
    )
    draft.chmod(0o755)
    draft.replace(hook)


def _python(place: Hub, module: str) -> Command:
    return command(
        *(sys.executable, "-m", module, "--state", place.state, "--repository", place.repository), cwd=SOURCES
    )


def _variables(config: Config) -> dict[str, str]:
    """What a repository on GitHub is told in its settings (docs/workflows.md), for this rehearsal."""
    target = config.destination
    keys = {"REGISTRY": target.registry, "KUBECONFIG": target.kubeconfig, "CONTEXT": target.context}
    cluster = {f"INVOKE_TARGETS_CLUSTER_{key}": value for key, value in keys.items()}
    return {
        **{"DELIVERY": "push", "INVOKE_TARGET": "cluster", **cluster},
        "IMAGE_DRIFT": "off",  # what is rehearsed is not what the world has published meanwhile
        "INVOKE_TARGETS_CLUSTER_REPOSITORY": target.repository,
    }
