"""What a task works with: from Invoke's context to the configuration, a runner and steps."""

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import invoke.config
from invoke import Context
from invoke.config import DataProxy

from aks_flow import report
from aks_flow.core import project
from aks_flow.core.config import Config
from aks_flow.core.config.load import load
from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Dry, Local, Runner
from aks_flow.core.steps import Steps


class TaskContext:
    """Each part is made when a task asks for it, since few tasks need all.

    as_json: whether the task's answer is one document. root: the project's folder; None: the one that
    Invoke's program found, or else the nearest one.
    """

    def __init__(self, context: Context, as_json: bool = False, root: Path | None = None):
        self._settings, self.as_json, self._root = context.config, as_json, root

    @cached_property
    def root(self) -> Path:
        """The project's folder; AksFlowError if this is none."""
        if self._root:
            return self._root
        named = self._settings.get(project.KEY)
        return Path(named) if named else project.find(Path.cwd())

    @property
    def dry(self) -> bool:
        """Whether Invoke's --dry was given."""
        return self._settings.run.dry

    @property
    def trace(self) -> str:
        """The file that --trace named, or ""."""
        return self._settings.run.get("trace", "")

    def config(self, **instead: Any) -> Config:
        """invoke.yaml and the INVOKE_* variables, checked whole; ``instead`` replaces keys of both."""
        project.check_top(self.root)
        _refuse_unknown_variables(self._settings)
        own = {
            key: _plain(value)
            for key, value in self._settings.items()
            if key not in invoke.config.Config.global_defaults()
        }
        return load({**own, **instead}, self.root, os.environ)

    def runner(self) -> Runner:
        """The local runner; under --dry one that runs only what reads, and shows the rest."""
        return self.watched(Local())

    def watched(self, run: Runner) -> Runner:
        """A runner as it is, or under --dry only for what reads."""
        return Dry(run, lambda command: report.note(f"would run: {command}")) if self.dry else run

    def attached(self) -> Local:
        """The local runner itself, for what --dry cannot show; AksFlowError under --dry."""
        if self.dry:
            raise AksFlowError("a sign-in cannot be shown by --dry", next_step="Run it without --dry.")
        return Local()

    def steps(self) -> Steps:
        """Steps that tell whoever reads this run; silent ones before a document."""
        return report.steps(self.as_json)


def _refuse_unknown_variables(settings: invoke.config.Config) -> None:
    """AksFlowError for an INVOKE_* variable that sets nothing: mistyped, it must not mean the default."""
    names = set(_variables(settings, "INVOKE")) - {f"INVOKE_{project.KEY.upper()}"}
    for name in sorted(os.environ.keys() - names):
        if name.startswith("INVOKE_"):
            step = did_you_mean(name, sorted(names), otherwise="Unset it.")
            raise AksFlowError("this variable sets nothing", where=name, next_step=step)


def _variables(settings: Any, prefix: str) -> Iterator[str]:
    for key, value in settings.items():
        name = f"{prefix}_{str(key).upper()}"
        yield name
        if isinstance(value, DataProxy | dict):
            yield from _variables(value, name)


def _plain(value: Any) -> Any:
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, DataProxy) else value
