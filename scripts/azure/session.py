"""A runner whose az calls fail with a cause and a next step."""

from scripts.azure import faults
from scripts.command import Command, Result
from scripts.config import Config
from scripts.runner import CommandFailed, Runner
from scripts.tools.az import Az


def az(config: Config) -> Az:
    """az with the run's own sign-in."""
    return Az(config.azure_home / "cli", config.azure.subscription)


class Session:
    """Passes commands on; explains what az says when it fails."""

    def __init__(self, run: Runner):
        self._run = run

    def run(self, command: Command) -> Result:
        try:
            return self._run.run(command)
        except CommandFailed as error:
            if command.argv[0] != "az":
                raise
            raise faults.explained(error) from error
