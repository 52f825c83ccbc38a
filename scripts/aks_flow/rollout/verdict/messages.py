"""What the words of kubelet, registries and admission mean, where no field says it."""

import re

from aks_flow.rollout.verdict.reasons import DEADLINE, IMAGE_NOT_FOUND, IMAGE_PULL_DENIED

_QUOTA = re.compile(r"exceeded quota|failed quota", re.I)
_DENIED = re.compile(r"denied|unauthorized|forbidden|authentication required|no basic auth", re.I)
_ABSENT = re.compile(r"code = NotFound|manifest unknown|name unknown", re.I)
# Numbers alone say nothing: versions have them, too.
_HEALS = re.compile(
    r"no such host|connection refused|timeout|timed out|too many requests|status(?: code)?:? 5\d\d"
    r"|5\d\d (?:Internal|Bad Gateway|Service|Gateway)",
    re.I,
)
_NOT_FOUND = re.compile(r"not found", re.I)
_UNCONFIGURED = re.compile(
    r"""(?:secret|configmap) "[^"]+" not found|couldn't find key|non-existent (?:secret|config) key""", re.I
)


def is_quota_exceeded(text: str) -> bool:
    """Whether a pod was refused for a quota."""
    return bool(_QUOTA.search(text))


def is_config_missing(text: str) -> bool:
    """Whether a Secret, a ConfigMap or a key of one is missing."""
    return bool(_UNCONFIGURED.search(text))


def explains_failed_pull(text: str) -> bool:
    """Whether a message tells why an image was not pulled; kubelet often says only that it backs off."""
    return any(pattern.search(text) for pattern in (_DENIED, _ABSENT, _HEALS, _NOT_FOUND))


def pull_reason(text: str) -> str:
    """Why an image was not pulled; DEADLINE for what may heal, and for what the message does not tell."""
    if _DENIED.search(text):
        return IMAGE_PULL_DENIED
    absent = _ABSENT.search(text) or (_NOT_FOUND.search(text) and not _HEALS.search(text))
    return IMAGE_NOT_FOUND if absent else DEADLINE
