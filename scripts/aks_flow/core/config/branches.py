"""What GitFlow's branches are called here, and which environment each reaches."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from aks_flow.core import names
from aks_flow.core.config.sections import Environment

GITFLOW = {
    **{"main": "main", "develop": "develop"},
    **{"feature": "feature/", "release": "release/", "hotfix": "hotfix/", "tag": "v"},
}
BranchRole = Annotated[str, names.one_of(*GITFLOW)]
BranchPart = Annotated[
    str,
    names.fitting(
        "a branch's name, or how the names of several begin, by git's rules",
        lambda text: names.is_plain_branch(f"{text}x"),
    ),
]


def faults(branches: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(role, what is wrong)."""
    for role in ("main", "develop"):
        if not names.is_plain_branch(branches.get(role, role)):
            yield role, f"must be a branch's name by git's rules, not {branches[role]!r}"
    for role in ("feature", "release", "hotfix"):
        if branches.get(role) == "":
            yield role, "must be what their names begin with, not empty: every name begins so"


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
