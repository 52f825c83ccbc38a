"""A project's environments: those that the repository has, or the usual three."""

import re

from aks_flow.adopt.answers import NewEnvironment
from aks_flow.adopt.asking import checked
from aks_flow.core import names
from aks_flow.core.config.branches import GITFLOW
from aks_flow.core.errors import AksFlowError

USUAL = ("dev", "staging", "production")
_FIRST = re.compile(r"(dev|test|int|qa)\w*", re.IGNORECASE)
_LAST = re.compile(r"(prod|live)\w*", re.IGNORECASE)
_ADMITS = ("any", "candidate", "final")


def decide_environments(
    text: str, project: str, present: dict[str, str], namespaces: dict[str, str], branches: dict[str, str]
) -> tuple[NewEnvironment, ...]:
    """text: ``NAME[=NAMESPACE],…``. present: what the repository has of each. namespaces: that it names.

    branches: what GitFlow's are called here.
    """
    entries = [entry.strip().partition("=") for entry in text.split(",") if entry.strip()]
    if not entries:
        raise AksFlowError(
            "there must be one at least", where="--environments", next_step="As in dev,production."
        )
    environments = tuple(
        _environment(
            name, namespace or namespaces.get(name, ""), at, len(entries), project, present, branches
        )
        for at, (name, _, namespace) in enumerate(entries)
    )
    _check_apart(environments)
    return environments


def lacking(found: list[str]) -> list[str]:
    """The usual ones whose part none that there is has: `prod` is production."""
    stages = {_stage(name, 1, 3) for name in found}
    return [name for name in USUAL if name not in found and _stage(name, 1, 3) not in stages - {1}]


def in_order(found: list[str]) -> list[str]:
    """Names in the way that a version takes: what is for development first, production last."""
    return sorted(found, key=lambda name: (_stage(name, 1, 3), name))


def _environment(
    name: str,
    namespace: str,
    at: int,
    count: int,
    project: str,
    present: dict[str, str],
    branches: dict[str, str],
) -> NewEnvironment:
    checked(name, names.Label, "environments")
    place = checked(namespace or f"{project}-{name}", names.Label, "environments")
    stage = _stage(name, at, count)
    return NewEnvironment(name, place, _ADMITS[stage], _branches(stage, branches), present.get(name, ""))


def _stage(name: str, at: int, count: int) -> int:
    """0 for development, 1 for what comes before production, 2 for production: by the name, or the place."""
    if _FIRST.fullmatch(name):
        return 0
    if _LAST.fullmatch(name):
        return 2
    return 0 if at == 0 else 2 if at == count - 1 else 1


def _branches(stage: int, branches: dict[str, str]) -> tuple[str, ...]:
    called = GITFLOW | branches
    stages = ((called["develop"],), (f"{called['release']}*", f"{called['hotfix']}*"), (called["main"],))
    return stages[stage]


def _check_apart(environments: tuple[NewEnvironment, ...]) -> None:
    for attribute in ("name", "namespace"):
        values = [getattr(environment, attribute) for environment in environments]
        twice = next((value for value in values if values.count(value) > 1), "")
        if twice:
            step = "Give each environment a name and a namespace of its own: dev=shop-dev,production=shop."
            what = f"two environments have the {attribute} {twice}"
            raise AksFlowError(what, where="--environments", next_step=step)
