"""Fixtures: the repository's configuration with an Azure registry, and a subscription that has all of it."""

from pathlib import Path

import pytest
import yaml

from scripts.azure.plan import Wanted
from scripts.config import Config, load
from scripts.tools.az import Az
from tests.unit.azure import subscription

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def settings() -> dict:
    settings = yaml.safe_load((ROOT / "invoke.yaml").read_text())
    settings["target"] = "azure"
    settings["azure"]["registry"]["name"] = "votes"
    settings["azure"]["github"]["repository"] = "Octo/vote"
    return settings


@pytest.fixture
def config(settings, tmp_path) -> Config:
    return load(settings, tmp_path)


@pytest.fixture
def wanted(config) -> Wanted:
    return Wanted(config, Az(Path("cli"), "sub"), "Octo/vote")


@pytest.fixture
def complete(config):
    """Facts about a subscription that lacks nothing."""
    return subscription.complete(config)
