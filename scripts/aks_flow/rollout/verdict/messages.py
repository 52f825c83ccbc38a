"""What the words of kubelet, registries and admission mean, where no field says it."""

import re

from aks_flow.rollout.verdict.reasons import DEADLINE, IMAGE_NOT_FOUND, IMAGE_PULL_DENIED

_QUOTA = re.compile(r"exceeded quota|failed quota", re.I)
_NAMES = re.compile(r'https?://\S+|"[^"\s]*[/:][^"\s]*"')  # addresses and references
# The registry's refusal; or the node's, which does not trust the registry, or the image.
_DENIED = re.compile(
    r"(?<!permission )denied|unauthorized|forbidden|authentication required|no basic auth|x509: "
    r"|gave HTTP response to HTTPS client|image verifier .* blocked|signature validation failed",
    re.I,
)
_ABSENT = re.compile(
    r"code = NotFound|manifest unknown|name unknown|unknown blob|no match(?:ing manifest)? for ", re.I
)
# What a node lost of an image, and pulls again.
_CONTENT = re.compile(r"(?:parent|extraction) snapshot", re.I)
# Numbers alone say nothing: versions have them, too.
_HEALS = re.compile(
    r"no such host|connection refused|timeout|timed out|deadline exceeded|too ?many ?requests|etcdserver: "
    r"|status(?: code)?:? 5\d\d|5\d\d (?:Internal|Bad Gateway|Service|Gateway)"
    r"|not yet been read|is reserved for|no relationship found",
    re.I,
)
_NOT_FOUND = re.compile(r"not found", re.I)
_UNCONFIGURED = re.compile(
    r"""(?:secrets?|configmaps?|secretproviderclass[.\w-]*) "[^"]+" not found|couldn't find key"""
    r"|non-existent (?:secret|config) key|was not found in this key vault",
    re.I,
)
# Why a pod was not made, that is no word on the pod: a webhook or the server itself gave no answer.
_UNDECIDED = re.compile(
    r"failed calling webhook|Internal error occurred|Timeout: request did not complete|etcdserver: "
    r"|deadline exceeded$|status unknown for quota|the object has been modified"
)
# The scheduler, of each node that would not take a pod even if all other pods were gone.
_NOT_FOR_ROOM = re.compile(r"preemption: 0/(\d+) nodes are available: \1 Preemption is not helpful")


def _without_names(text: str, image: str) -> str:
    """A message in the registry's words alone: an image may be called forbidden-island, or timeout."""
    tagged = image.partition("@")[0]
    path = tagged.partition("/")[2]
    parts = {image, tagged, tagged.rpartition(":")[0], path, path.rpartition(":")[0]}
    # A name without a path may be a word of the registry's, too.
    for name in sorted((part for part in parts if "/" in part or ":" in part), key=len, reverse=True):
        text = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", "", text)
    return _NAMES.sub("", text)


def probe_that_killed(text: str, container: str) -> str:
    """The probe that an event says the kubelet has killed a container for: startup or liveness; or ""."""
    match = re.fullmatch(rf"Container {re.escape(container)} failed (\w+) probe, will be restarted", text)
    return match[1] if match else ""


def is_quota_exceeded(text: str) -> bool:
    """Whether a pod was refused for a quota."""
    return bool(_QUOTA.search(text))


def may_lack_room(text: str) -> bool:
    """Whether a pod that no node takes may get one once others have gone: they may hold its volume, too."""
    return "persistentvolumeclaim" in text or not _NOT_FOR_ROOM.search(text)


def is_config_missing(text: str) -> bool:
    """Whether a Secret, a ConfigMap or a key of one is missing."""
    return bool(_UNCONFIGURED.search(text))


def is_undecided(text: str) -> bool:
    """Whether a pod was not made although nobody refused it: the next try may succeed."""
    return bool(_UNDECIDED.search(text))


def may_heal(text: str) -> bool:
    """Whether a container that was not made may be made at the next try."""
    return bool(_HEALS.search(text))


def missing_object(text: str) -> str:
    """The name of the Secret or ConfigMap that a message says is not there; "" for none."""
    match = re.search(r'(?:secret|configmap)s? "([^"]+)" not found', text, re.I)
    return match[1] if match else ""


def explains_failed_pull(text: str, image: str) -> bool:
    """Whether a message tells why an image was not pulled; kubelet often says only that it backs off."""
    words = _without_names(text, image)
    return any(pattern.search(words) for pattern in (_DENIED, _ABSENT, _HEALS, _NOT_FOUND))


def pull_reason(text: str, image: str) -> str:
    """Why an image was not pulled; DEADLINE for what may heal, and for what the message does not tell."""
    text = _without_names(text, image)
    if _DENIED.search(text):
        return IMAGE_PULL_DENIED
    absent = _ABSENT.search(text) or (_NOT_FOUND.search(text) and not _HEALS.search(text))
    return IMAGE_NOT_FOUND if absent and not _CONTENT.search(text) else DEADLINE
