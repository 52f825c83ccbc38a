"""Where a task meets the package: expected failures become one sentence, configuration becomes values."""

from pathlib import Path
from typing import Any

from invoke import Exit, Task
from invoke.config import Config as InvokeConfig
from invoke.config import DataProxy

from scripts import report
from scripts.errors import AksFlowError

ROOT = Path(__file__).resolve().parents[1]
INTERRUPTED = 130  # the shell's code for SIGINT


class FlowTask(Task):
    """A task whose expected failures are shown once, as a sentence, without a traceback."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().__call__(*args, **kwargs)
        except AksFlowError as error:
            report.failure(error)
            raise Exit(code=error.exit_code) from error
        except KeyboardInterrupt:
            report.note("stopped: what was not finished was not done; run the same command again to go on")
            raise Exit(code=INTERRUPTED) from None


def config(context, **instead: Any):
    """invoke.yaml and INVOKE_* as a checked Config; ``instead`` goes before both."""
    from scripts.config import load

    own = {
        key: _plain(value)
        for key, value in context.config.items()
        if key not in InvokeConfig.global_defaults()
    }
    return load({**own, **instead}, ROOT)


def rehearsal(context):
    """The Config with the rehearsal as target: what starts and removes stand-ins never reaches another."""
    return config(context, target="rehearsal")


def runner(context):
    """The local runner; under Invoke's --dry one that runs only what reads."""
    from scripts.runner import Dry, Local

    local = Local()
    return (
        Dry(local, lambda command: report.note(f"would run: {command}")) if context.config.run.dry else local
    )


def delivery(context, as_json: bool = False, repo: Path | None = None):
    """The hands of a delivery, at the configured target."""
    from scripts.delivery import Delivery
    from scripts.login import credentials
    from scripts.registry import Registry

    settings, run = config(context), runner(context)
    host = settings.destination.registry.partition("/")[0]
    return Delivery(run, Registry(host, credentials(run, host)), settings, report.steps(as_json))


def _plain(value: Any) -> Any:
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, DataProxy) else value
