"""Which versions of Kubernetes a cluster may be made with and brought to.

Those of https://github.com/Azure/AKS/releases/tag/2026-09-04: three minor versions, and older ones with
long-term support alone. A cluster is upgraded by one minor version at a time, and never goes back.
"""

from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid

VERSION = "1.35"  # what a cluster is asked to run, if no other is; the newest of these runs
_MADE, _LONG_TERM = ("1.34", "1.35", "1.36"), ("1.31", "1.32", "1.33")
_PATCH = "5"  # the newest of each
_ONLY = (
    "which is only available for Long-Term Support (LTS). If you intend to onboard to LTS, please ensure the "
    "cluster is in Premium tier and LTS support plan (see https://aka.ms/aks/enable-lts)."
)
_SEE = (
    "[az aks get-versions] command to get the supported version list in this region. For more information, "
    "please check https://aka.ms/supported-version-list"
)


def newest(version: str) -> str:
    """``1.35`` is a wish for the newest of these; ``1.35.4`` for just that one."""
    return version if version.count(".") > 1 else f"{version}.{_PATCH}"


def check_new(cluster: str, version: str, long_term: bool) -> None:
    """ArmError unless a cluster is made with this version. long_term: with support for that."""
    minor = ".".join(version.split(".")[:2])
    words, code = f"Managed cluster {cluster} is on version {newest(version)}", "K8sVersionNotSupported"
    if minor in _LONG_TERM and not long_term:
        raise invalid(f"{words}, {_ONLY} Otherwise, use {_SEE}", code)
    if minor not in (*_MADE, *_LONG_TERM):
        raise invalid(f"{words} which is not supported in this region. Please use {_SEE}", code)


def upgraded(runs: str, asked: str) -> str:
    """What a cluster runs that is asked to run another; ArmError if it does not come there."""
    if f"{runs}.".startswith(f"{asked}."):
        return runs
    before, after = (tuple(map(int, version.split("."))) for version in (runs, newest(asked)))
    following = (before[0], before[1] + 1)
    if after < before or after[:2] > following:
        message = (
            f"Upgrading Kubernetes version {runs} to {asked} is not allowed. Available upgrades: "
            f"[{following[0]}.{following[1]}.{_PATCH}]. Please see https://aka.ms/aks-supported-k8s-ver for "
            "version details."
        )
        raise ArmError(400, "OperationNotAllowed", message)
    return newest(asked)
