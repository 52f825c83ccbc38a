"""A runner whose az calls fail with a cause and a next step, and whose sign-ins are renewed in time."""

import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from threading import Lock

from aks_flow.azure import faults
from aks_flow.core.command import Command, Result
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Hear, Runner
from aks_flow.tools.az import Az

_REFUSED = re.compile(  # docker's words, with its own image store and with containerd's
    r"AADSTS700024|unauthorized: authentication required|failed to authorize: .*401|"
    r"You must be logged in to the server",
    re.IGNORECASE,
)
_READS = 3  # tries of an az that found its file of tokens empty


def az(config: Config) -> Az:
    """az with the run's own sign-in."""
    return Az(config.azure_home / "cli", config.azure.subscription)


def docker_home(config: Config) -> Path:
    """The folder of the run's own docker logins."""
    return config.azure_home / "docker"


def variables(config: Config) -> dict[str, str]:
    """The environment variables by which docker and az find the run's own sign-ins."""
    return {"DOCKER_CONFIG": str(docker_home(config)), "AZURE_CONFIG_DIR": str(config.azure_home / "cli")}


class AzSession:
    """Passes commands on, and explains what az says when it fails.

    What fails for an expired sign-in is done once more after ``renew``, where there is one. Every command
    gets ``variables``; those that it sets itself stay.
    """

    def __init__(
        self, run: Runner, renew: Callable[[], None] | None = None, variables: Mapping[str, str] | None = None
    ):
        self._run, self._renew, self._variables = run, renew, variables or {}
        self._lock, self._renewed = Lock(), float("-inf")

    def run(self, command: Command) -> Result:
        """Run a command; AzureFailed, with the cause, if az fails, CommandFailed if another program does.

        What goes on although az may not ask how it ends has not failed: the result has az's words.
        """
        started = time.monotonic()
        try:
            return self._read_again(command)
        except (faults.AzureFailed, CommandFailed) as error:
            if not self._renew or not _expired(error):
                raise
            self._sign_in_again(started)
            return self._read_again(command)

    def follow(self, command: Command, hear: Hear) -> AbstractContextManager[None]:
        return self._run.follow(self._with_variables(command), hear)

    def _sign_in_again(self, failed: float) -> None:
        """Commands run side by side fail side by side: one sign-in is enough for all."""
        with self._lock:
            if self._renewed < failed:
                self._renew()
                self._renewed = time.monotonic()

    def _read_again(self, command: Command) -> Result:
        """An az finds its file of tokens empty if an az beside it is about to write it."""
        for _ in range(_READS - 1):
            try:
                return self._once(command)
            except faults.AzureFailed as error:
                if not error.fault.reread:
                    raise
        return self._once(command)

    def _once(self, command: Command) -> Result:
        try:
            return self._run.run(self._with_variables(command))
        except CommandFailed as error:
            if command.argv[0] != "az":
                raise
            explained = faults.explained(error)
            if explained.fault.begun:
                return error.result
            raise explained from error

    def _with_variables(self, command: Command) -> Command:
        return replace(command, env={**self._variables, **command.env})


def _expired(error: AksFlowError) -> bool:
    """True for az's own word for it, and for what docker and kubectl say when their token is refused."""
    if isinstance(error, faults.AzureFailed):
        return error.fault.expired
    return bool(_REFUSED.search(error.result.error_text))
