"""The rehearsal's Azure with the real `az` in front of it: one of each for the session."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.config import Config
from scripts.rehearsal.azure import client, process
from scripts.rehearsal.azure.client import Client
from scripts.rehearsal.azure.seed import Seed
from scripts.runner import Local
from tests.e2e.standin import configuration

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)


@dataclass(frozen=True)
class Azure:
    """The stand-in and the owner's `az`."""

    config: Config
    seed: Seed
    client: Client

    def az(self, *words: object, home: Path | None = None, input: str = "") -> subprocess.CompletedProcess:
        """Run the real `az`; ``home``: another folder of sign-ins than the owner's."""
        environment = {**os.environ, **self.client.environment}
        if home:
            environment["AZURE_CONFIG_DIR"] = str(home)
        argv = [self.client.az, *(str(word) for word in words), "--only-show-errors"]
        return subprocess.run(argv, env=environment, capture_output=True, text=True, input=input, timeout=120)

    def ok(self, *words: object, **rest):
        """The JSON that a call answers with; a failed call fails the test."""
        ran = self.az(*words, "--output", "json", **rest)
        assert ran.returncode == 0, f"az {words}: {ran.stderr}"
        return json.loads(ran.stdout) if ran.stdout.strip() else None

    def refused(self, *words: object, **rest) -> str:
        """What a call says that must fail."""
        ran = self.az(*words, **rest)
        assert ran.returncode != 0, f"az {words} succeeded: {ran.stdout}"
        return ran.stderr

    def other(self, folder: Path) -> Path:
        """Another folder of sign-ins, at the same cloud."""
        client.prepare(Local(), process.process(self.config).folder, folder, self.client.url, print)
        return folder

    def restart(self) -> None:
        process.stop(self.config)
        process.ensure(Local(), self.config)


@pytest.fixture(scope="session")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    config = configuration(tmp_path_factory.mktemp("azure"))
    try:
        seed = process.ensure(Local(), config)
        url = f"https://{process.address(config)}"
        folder = process.process(config).folder
        found = client.prepare(Local(), folder, folder / "owner", url, print)
        client.sign_in_owner(Local(), found, seed)
        yield Azure(config, seed, found)
    finally:
        process.stop(config)
