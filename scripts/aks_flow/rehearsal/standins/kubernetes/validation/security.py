"""As whom and with which rights a pod's processes run."""

import re
from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation.causes import duplicate, invalid, required
from aks_flow.rehearsal.standins.kubernetes.validation.checks import inside, need, one_of

_MOST_ID = 2**31 - 1
_PART = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SYSCTL = rf"({_PART}[\./])*{_PART}"
_SECCOMP = ("Localhost", "RuntimeDefault", "Unconfined")


def pod_security(path: str, spec: dict) -> Iterator[Cause]:
    context = spec.get("securityContext") or {}
    yield from _context(path, context)
    yield from one_of(
        f"{path}.fsGroupChangePolicy", context.get("fsGroupChangePolicy"), "Always", "OnRootMismatch"
    )
    for index, group in enumerate(context.get("supplementalGroups") or ()):
        yield from _id(f"{path}.supplementalGroups[{index}]", group)
    yield from _sysctls(f"{path}.sysctls", context.get("sysctls") or [])
    if spec.get("hostPID") and spec.get("shareProcessNamespace"):
        text = "ShareProcessNamespace and HostPID cannot both be enabled"
        yield invalid(f"{path}.shareProcessNamespace", True, text)


def container_security(path: str, context: dict) -> Iterator[Cause]:
    yield from _context(path, context)
    if context.get("allowPrivilegeEscalation") is not False:
        return
    start = "cannot set `allowPrivilegeEscalation` to false and"
    if context.get("privileged"):
        yield invalid(path, context, f"{start} `privileged` to true")
    if "CAP_SYS_ADMIN" in ((context.get("capabilities") or {}).get("add") or ()):
        yield invalid(path, context, f"{start} `capabilities.Add` CAP_SYS_ADMIN")


def _context(path: str, context: dict) -> Iterator[Cause]:
    for field in ("runAsUser", "runAsGroup", "fsGroup"):
        if context.get(field) is not None:
            yield from _id(f"{path}.{field}", context[field])
    if context.get("seccompProfile") is not None:
        yield from _seccomp(f"{path}.seccompProfile", context["seccompProfile"])


def _id(path: str, value: int) -> Iterator[Cause]:
    if not 0 <= value <= _MOST_ID:
        yield invalid(path, value, f"must be between 0 and {_MOST_ID}, inclusive")


def _seccomp(path: str, profile: dict) -> Iterator[Cause]:
    kind, at, local = profile.get("type"), f"{path}.localhostProfile", profile.get("localhostProfile")
    if not kind:
        yield required(f"{path}.type", "type is required when seccompProfile is set")
    yield from one_of(f"{path}.type", kind, *_SECCOMP)
    if kind == "Localhost" and local is None:
        yield required(at, "must be set when seccomp type is Localhost")
    elif kind == "Localhost":
        yield from inside(at, local)
    elif local is not None:
        yield invalid(at, profile, "can only be set when seccomp type is Localhost")


def _sysctls(path: str, sysctls: list[dict]) -> Iterator[Cause]:
    seen = set()
    for index, sysctl in enumerate(sysctls):
        at, name = f"{path}[{index}]", sysctl.get("name") or ""
        yield from need(at, sysctl, "name")
        if name and (not re.fullmatch(_SYSCTL, name) or len(name) > 253):
            yield invalid(f"{at}.name", name, f"must have at most 253 characters and match regex {_SYSCTL}")
        elif name in seen:
            yield duplicate(f"{at}.name", name)
        seen.add(name)
