"""The bare repository as the stand-in reads it, and the folder with the stand-in's own state."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.rehearsal.standins.github.event import BRANCH, NOTHING, PULL_REQUEST, PUSH, Event
from aks_flow.rehearsal.standins.github.matching import starts
from aks_flow.rehearsal.standins.github.runs import FAILURE, SKIPPED, Run, Runs
from aks_flow.tools.git import objects, refs
from aks_flow.workflows import syntax, tree
from aks_flow.workflows.files import calls_task
from aks_flow.workflows.triggers import SKIP_MARK

WORKFLOWS = ".github/workflows"
DEFAULT_BRANCH = "main"
# How a workflow calls another file of its own repository: a workflow, or an action by its folder.
_CALLED = re.compile(rb"uses:\s*['\"]?\./(\.github/[\w./-]+)")
# Why a team's own workflow does not run: it might sign in, deploy or delete for real.
NO_TASK = "it calls no task, and would act here with what this machine is logged in to"

_VARIABLE = re.compile("(?!GITHUB_)[A-Z_][A-Z0-9_]*", re.IGNORECASE)

Kept = TypeVar("Kept", dict, list)


@dataclass(frozen=True)
class Hub:
    """run: the runner. repository: bare. state: the stand-in's own folder."""

    run: Runner
    repository: Path
    state: Path

    @property
    def runs(self) -> Runs:
        return Runs(self.state / "runs")

    @property
    def served_by(self) -> str:
        """The process id of the service that last took up the queue, "" for none."""
        file = self.state / "served-by"
        return file.read_text() if file.is_file() else ""

    def serve_as(self, pid: int) -> None:
        (self.state / "served-by").write_text(str(pid))

    @property
    def variables(self) -> dict[str, str]:
        """The repository's variables, as `vars.NAME` reads them."""
        return self.kept("variables", {})

    def set_variables(self, values: dict[str, str]) -> None:
        """Set some; an empty value removes one. AksFlowError for a name that GitHub does not take."""
        for name in values:
            if not _VARIABLE.fullmatch(name):
                step = "A name has letters, digits and underscores; its value is told apart."
                raise AksFlowError(f"{name!r} is no variable's name", next_step=step)
        merged = {name: value for name, value in {**self.variables, **values}.items() if value}
        self.keep("variables", merged)

    def kept(self, name: str, default: Kept) -> Kept:
        """What was kept under a name; ``default`` if nothing was."""
        file = self.state / f"{name}.json"
        return json.loads(file.read_text()) if file.is_file() else default

    def keep(self, name: str, value: Kept) -> None:
        """Keep it whole, whenever the process ends."""
        draft = self.state / f"{name}.new"
        draft.write_text(json.dumps(value, indent=2))
        draft.replace(self.state / f"{name}.json")

    @property
    def workflows_may_propose(self) -> bool:
        """Whether the settings let workflows open pull requests; on GitHub they do not at first."""
        return (self.state / "workflows-may-propose").is_file()

    def let_workflows_propose(self) -> None:
        (self.state / "workflows-may-propose").touch()

    def commit(self, name: str) -> str:
        """The commit that a name means, "" for none."""
        return self.run.run(refs.resolve(self.repository, name)).text.strip()

    def branch(self, name: str) -> str:
        """A branch's commit; AksFlowError if it was never pushed."""
        commit = self.commit(f"{BRANCH}{name}")
        if not commit:
            raise AksFlowError(f"there is no branch {name}", where=str(self.repository), next_step="Push it.")
        return commit

    def start(self, event: Event) -> list[Run]:
        """Queue a run of each workflow that the event starts; a file that GitHub refuses is a failed run.

        One that calls no task, as a team has them beside ours, is skipped.
        """
        if self.says_skip(event):
            return []
        started = (self._start_run(file, content, event) for file, content in self._files(event.commit))
        return [run for run in started if run]

    def says_skip(self, event: Event) -> bool:
        """Whether a push's last commit, or a request's own, says that no workflow is to start.

        https://docs.github.com/actions/how-tos/manage-workflow-runs/skip-workflow-runs
        """
        last = {PUSH: event.commit, PULL_REQUEST: f"refs/pull/{event.number}/head"}.get(event.name)
        if not last:
            return False
        (told,) = objects.parse_objects(self.run.run(objects.read_objects(self.repository, [last])).stdout)
        return bool(told and SKIP_MARK.search(told.decode(errors="replace")))

    def _start_run(self, file: str, content: bytes, event: Event) -> Run | None:
        is_ours = self.leads_to_task(event.commit, content)
        try:
            workflow = read(file, content)
        except AksFlowError as error:
            return self.runs.add(file, event, FAILURE if is_ours else SKIPPED, str(error))
        if not starts(workflow, event, partial(self._changed, event)):
            return None
        return self.runs.add(file, event) if is_ours else self.runs.add(file, event, SKIPPED, NO_TASK)

    def leads_to_task(self, commit: str, content: bytes) -> bool:
        """Whether a workflow calls a task, itself or by the workflows and actions beside it."""
        return any(calls_task(text) for _, text in self._with_called(commit, "", content))

    def with_called(self, commit: str, path: str) -> list[tree.Workflow]:
        """A workflow file and the files that its jobs call; AksFlowError if one of them is no workflow."""
        [content] = self._contents(commit, [path])
        if content is None:
            return []
        files = self._with_called(commit, path, content)
        return [tree.read(file, text) for file, text in files if file.startswith(f"{WORKFLOWS}/")]

    def _with_called(self, commit: str, path: str, content: bytes) -> Iterator[tuple[str, bytes]]:
        """A file, then the workflows and actions that it calls, at any depth: paths and contents."""
        known, files = {path}, [(path, content)]
        for file, text in files:  # grows meanwhile: what is called can call others
            yield file, text
            named = (name for called in _CALLED.findall(text) for name in _files_of(called.decode()))
            new = [name for name in dict.fromkeys(named) if name not in known]
            known.update(new)
            contents = zip(new, self._contents(commit, new), strict=True)
            files += [(name, content) for name, content in contents if content is not None]

    def _files(self, commit: str) -> list[tuple[str, bytes]]:
        listed = self.run.run(objects.entries(self.repository, f"{commit}:{WORKFLOWS}")).text
        names = [name for name in objects.parse_entries(listed) if name.endswith((".yml", ".yaml"))]
        paths = [f"{WORKFLOWS}/{name}" for name in names]
        return list(zip(paths, self._contents(commit, paths), strict=True))

    def _contents(self, commit: str, paths: list[str]) -> list[bytes | None]:
        """What the files hold; None for one that there is not."""
        reading = objects.read_objects(self.repository, (f"{commit}:{path}" for path in paths))
        return objects.parse_objects(self.run.run(reading).stdout) if paths else []

    def _changed(self, event: Event) -> list[str]:
        """The paths that a push or a pull request changes; of a new branch, all that it has."""
        old = event.before if event.before != NOTHING else objects.EMPTY_TREE
        if event.base:
            old = f"{event.commit}^1"
        return self.run.run(objects.changed_files(self.repository, old, event.commit)).text.splitlines()


def _files_of(called: str) -> list[str]:
    """A workflow's own, or what an action's may be called in its folder."""
    is_file = called.endswith((".yml", ".yaml"))
    return [called] if is_file else [f"{called}/action.yml", f"{called}/action.yaml"]


def read(file: str, content: bytes) -> tree.Workflow:
    """A workflow that GitHub would take; AksFlowError with file and line of its first fault."""
    workflow = tree.read(file, content)
    for line, _, what, do in syntax.check(workflow):
        raise AksFlowError(what, where=f"{file}:{line}", next_step=do)
    return workflow
