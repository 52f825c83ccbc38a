"""Fixtures: the repository's configuration with an Azure registry, and a subscription that has all of it."""

from pathlib import Path

import pytest

from aks_flow.azure.plan.plan import AzurePlanRequest
from aks_flow.core.config import Config
from aks_flow.core.config.load import load
from aks_flow.tools.az import Az
from tests.unit.azure import subscription

ROOT = Path(__file__).resolve().parents[3]


def at_azure(settings: dict) -> dict:
    """The configuration with Azure as its target, changed in place."""
    settings["target"] = "azure"
    settings["azure"]["registry"]["name"] = "votes"
    settings["azure"]["github"]["repository"] = "Octo/vote"
    settings["azure"]["admins"] = {"admin-object": "Group"}
    return settings


@pytest.fixture
def settings(settings) -> dict:
    return at_azure(settings)


@pytest.fixture
def config(settings, tmp_path) -> Config:
    return load(settings, tmp_path)


@pytest.fixture
def plan_request(config) -> AzurePlanRequest:
    return AzurePlanRequest(config, Az(Path("cli"), "sub"), "Octo/vote")


@pytest.fixture
def complete(config):
    """Facts about a subscription that lacks nothing."""
    return subscription.complete(config)
