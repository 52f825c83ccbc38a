"""What GitFlow's branches are called here."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from aks_flow.core import names

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
