"""In which order a manifest's objects go to a cluster, and which of them run first and to their end. Pure.

Order is data of the manifests, in the words that Argo CD reads too, so that both paths honour the same:
https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from scripts.errors import AksFlowError

WAVE = "argocd.argoproj.io/sync-wave"
HOOK = "argocd.argoproj.io/hook"
DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy"
PRE_SYNC = "PreSync"


@dataclass(frozen=True)
class Wave:
    """Objects that go to the cluster together, in their order; the next wave waits for their being well."""

    number: int
    objects: tuple[dict, ...]

    @property
    def manifest(self) -> str:
        return json.dumps({"apiVersion": "v1", "kind": "List", "items": self.objects})


@dataclass(frozen=True)
class Order:
    """before: hooks that run to their end before anything else. waves: what is delivered, lowest first.

    left_out: hooks of phases that a delivery with kubectl does not have.
    """

    before: tuple[Wave, ...]
    waves: tuple[Wave, ...]
    left_out: tuple[dict, ...] = ()


def order(objects: Iterable[dict]) -> Order:
    """AksFlowError for a wave that is no number."""
    found = list(objects)
    before = [item for item in found if PRE_SYNC in phases(item)]
    plain = [item for item in found if not phases(item)]
    left_out = tuple(item for item in found if phases(item) and PRE_SYNC not in phases(item))
    return Order(_waves(before), _waves(plain), left_out)


def phases(item: dict) -> list[str]:
    """When an object runs as a hook; empty for one that is delivered."""
    return [phase.strip() for phase in _annotations(item).get(HOOK, "").split(",") if phase.strip()]


def goes_when(item: dict) -> frozenset[str]:
    """A hook's delete policies, such as HookSucceeded."""
    return frozenset(word.strip() for word in _annotations(item).get(DELETE_POLICY, "").split(","))


def ref(item: dict) -> str:
    metadata = item["metadata"]
    return f"{item['kind'].lower()}/{metadata.get('name') or metadata.get('generateName', '')}"


def _waves(objects: list[dict]) -> tuple[Wave, ...]:
    numbered = sorted(((_number(item), at, item) for at, item in enumerate(objects)), key=lambda one: one[:2])
    return tuple(
        Wave(number, tuple(item for _, _, item in group))
        for number, group in groupby(numbered, key=lambda one: one[0])
    )


def _number(item: dict) -> int:
    text = _annotations(item).get(WAVE, "0")
    try:
        return int(text)
    except ValueError as error:
        step = f"Correct the annotation {WAVE}."
        raise AksFlowError(f"a wave is a number, not {text!r}", where=ref(item), next_step=step) from error


def _annotations(item: dict) -> dict[str, str]:
    return item["metadata"].get("annotations") or {}
