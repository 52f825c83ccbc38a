"""Where a task meets the package: expected failures become one sentence, configuration becomes values."""

import difflib
import os
import signal
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from invoke import Exit, Task
from invoke.config import Config as InvokeConfig
from invoke.config import DataProxy

from aks_flow.core.errors import AksFlowError
from aks_flow.report import report

ROOT = Path(__file__).resolve().parents[3]
INTERRUPTED = 130  # the shell's code for SIGINT


class FlowTask(Task):
    """A task whose expected failures are shown once, as a sentence, without a traceback."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a runner's stop is a Ctrl-C
        try:
            self.prepare()
            return super().__call__(*args, **kwargs)
        except AksFlowError as error:
            report.failure(error)
            raise Exit(code=error.exit_code) from error
        except ModuleNotFoundError as error:
            _missing(error)
        except KeyboardInterrupt:
            report.note("stopped: the last step may be done in part; run the same command again to go on")
            raise Exit(code=INTERRUPTED) from None

    def prepare(self) -> None:
        """Nothing: a delivery's part of the environment is here."""


class DevelopmentTask(FlowTask):
    """A task that needs what requirements-dev.lock names: the first call of one brings it."""

    def prepare(self) -> None:
        from aks_flow.core import environment  # late: `./inv --list` need not pay for it

        environment.grow(ROOT, report.note)


def _missing(error: ModuleNotFoundError) -> NoReturn:
    """Exit with a sentence for a package that the environment lacks; a lack of our own module is a fault."""
    if (error.name or "").partition(".")[0] in ("", "aks_flow"):
        raise error
    step = f"Run it as ./inv TASK; if you did, remove {sys.prefix} and run it again."
    report.failure(AksFlowError(f"the Python package {error.name!r} is not here", next_step=step))
    raise Exit(code=AksFlowError.exit_code) from error


def config(context, **instead: Any):
    """invoke.yaml and INVOKE_* as a checked Config; ``instead`` goes before both."""
    from aks_flow.core.config import load

    _known_variables(context)
    own = {
        key: _plain(value)
        for key, value in context.config.items()
        if key not in InvokeConfig.global_defaults()
    }
    return load({**own, **instead}, ROOT, os.environ)


def _known_variables(context) -> None:
    """AksFlowError for an INVOKE_* variable that sets nothing: mistyped, it must not mean the default."""
    known = set(_variables(context.config, "INVOKE"))
    for name in sorted(set(os.environ) - known):
        if not name.startswith("INVOKE_"):
            continue
        close = difflib.get_close_matches(name, known, n=1)
        step = f"Did you mean {close[0]}?" if close else "Unset it."
        raise AksFlowError("this variable sets nothing", where=name, next_step=step)


def _variables(settings: Any, prefix: str):
    for key, value in settings.items():
        name = f"{prefix}_{str(key).upper()}"
        yield name
        if isinstance(value, DataProxy | dict):
            yield from _variables(value, name)


def own_config(context):
    """The Config with Azure as target; in a workflow with the target that it has: its jobs deliver there."""
    return config(context) if os.environ.get("GITHUB_ACTIONS") == "true" else config(context, target="azure")


def rehearsal(context, reads: bool = False):
    """The Config with the rehearsal as target: what starts and removes stand-ins never reaches another.

    AksFlowError under --dry unless the task only ``reads``: nothing of it could be shown.
    """
    if context.config.run.dry and not reads:
        step = "Run it without --dry, or `./inv --dry push` for the plan of a delivery."
        raise AksFlowError(
            "the rehearsal's tasks change this machine, which --dry cannot show", next_step=step
        )
    return config(context, target="rehearsal")


def number(text: str) -> int:
    """A whole number from the command line; AksFlowError for anything else."""
    if not text.isdecimal():
        raise AksFlowError(f"{text!r} is no number", next_step="Give a whole number.")
    return int(text)


def runner(context):
    """The local runner; under Invoke's --dry one that runs only what reads."""
    from aks_flow.core.runner import Local

    return _watched(context, Local())


def local(context):
    """The local runner itself, for what --dry cannot show; AksFlowError under --dry."""
    from aks_flow.core.runner import Local

    if context.config.run.dry:
        raise AksFlowError("a sign-in cannot be shown by --dry", next_step="Run it without --dry.")
    return Local()


def _watched(context, run):
    from aks_flow.core.runner import Dry

    return Dry(run, lambda command: report.note(f"would run: {command}")) if context.config.run.dry else run


def steps(as_json: bool = False):
    """Steps that tell whoever reads this run."""
    return report.steps(as_json)


def delivery(context, as_json: bool = False, remote: bool = False, environments: Iterable[str] = ()):
    """The hands of a delivery, at the configured target.

    remote: images are built in the registry. environments: those that the task was asked for; ConfigError,
    before anything runs, if there is no such one.
    """
    from aks_flow.cli import connect
    from aks_flow.core.runner import Local

    settings = config(context)
    for name in environments:
        settings.environment(name)
    steps, watched = report.steps(as_json), partial(_watched, context)
    return connect.delivery(settings, Local(), watched, steps, remote)


def _plain(value: Any) -> Any:
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, DataProxy) else value
