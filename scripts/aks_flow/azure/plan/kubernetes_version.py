"""Versions of Kubernetes, `1.35` or `1.35.5`: which is earlier, and to which AKS upgrades next. Pure.

It leaves out no minor version, and never goes back: https://learn.microsoft.com/azure/aks/upgrade-aks-cluster
"""


def is_earlier(version: str, other: str) -> bool:
    """As far as ``version`` says: `1.35` is no earlier than `1.35.5`."""
    said = _numbers(version)
    return said < _numbers(other)[: len(said)]


def upgrade(runs: str, wanted: str) -> str:
    """What to ask for where a cluster is to run a later version: that, or a minor version before it."""
    major, minor, *_ = _numbers(runs)
    is_near = _numbers(wanted)[:2] <= (major, minor + 1)
    return wanted if is_near else f"{major}.{minor + 1}"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
