"""Why a delivery is bad: names that do not change, each with the exit code that a task ends with."""

from collections.abc import Iterable

IMAGE_NOT_FOUND = "image-not-found"
IMAGE_PULL_DENIED = "image-pull-denied"
CRASH_LOOP = "crash-loop"
CONFIG_MISSING = "config-missing"
UNSCHEDULABLE = "unschedulable"
NEVER_READY = "never-ready"
QUOTA = "quota"
DEADLINE = "deadline"
OVERWRITTEN = "superseded"  # by somebody else; the name is older than the word
SMOKE_FAILED = "smoke-failed"
APPLY_FAILED = "apply-failed"
NO_ANSWER = "no-answer"  # of the cluster: what runs may be good or bad

# In the order in which one reason explains another: the first one found gives the exit code.
EXIT_CODES = {
    APPLY_FAILED: 20,
    IMAGE_NOT_FOUND: 10,
    IMAGE_PULL_DENIED: 11,
    CRASH_LOOP: 12,
    CONFIG_MISSING: 13,
    UNSCHEDULABLE: 14,
    NEVER_READY: 15,
    QUOTA: 16,
    DEADLINE: 17,
    OVERWRITTEN: 18,
    SMOKE_FAILED: 19,
    NO_ANSWER: 21,
}


def first(reasons: Iterable[str]) -> str:
    """Of several reasons the one that explains the others; ValueError for none."""
    return min(reasons, key=list(EXIT_CODES).index)
