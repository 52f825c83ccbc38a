"""Which environment each branch reaches."""

from collections.abc import Mapping

from aks_flow.core.config.branches import GITFLOW
from aks_flow.core.config.sections import Environment


def reaching(branches: Mapping[str, str], environments: Mapping[str, Environment]) -> dict[str, list[str]]:
    """The patterns of the branches that reach each environment: its own, or for GitFlow's three GitFlow's.

    branches: what these are called, by role; GitFlow's own names for the others.
    """
    called = GITFLOW | branches
    usual = {
        "dev": [called["develop"]],
        "staging": [f"{called['release']}*", f"{called['hotfix']}*"],
        "production": [called["main"]],
    }
    return {
        name: list(environment.branches) or usual.get(name, []) for name, environment in environments.items()
    }
