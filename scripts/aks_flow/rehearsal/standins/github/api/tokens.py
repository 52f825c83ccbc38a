"""Who asks: a person, a workflow with the repository's own token, or nobody in particular."""

import time
from collections import deque
from dataclasses import dataclass, field

PERSON, WORKFLOW, NOBODY = "ghp_rehearsal", "ghs_rehearsal", ""
# Without a token: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
_ANSWERS, _HOUR = 60, 3600


@dataclass(frozen=True)
class ApiFault(Exception):
    """An answer that refuses: status, GitHub's message and the errors that it lists."""

    status: int
    message: str
    errors: tuple[dict, ...] = ()

    @property
    def body(self) -> dict:
        return {
            "message": self.message,
            "status": str(self.status),
            **({"errors": self.errors} if self.errors else {}),
        }


@dataclass(frozen=True)
class Allowance:
    """How often a public repository is read without a token."""

    _asked: deque[float] = field(default_factory=deque)

    def take(self) -> None:
        """ApiFault once an hour's answers are given."""
        now = time.monotonic()
        while self._asked and now - self._asked[0] >= _HOUR:
            self._asked.popleft()
        if len(self._asked) >= _ANSWERS:
            raise ApiFault(403, "API rate limit exceeded for 127.0.0.1.")
        self._asked.append(now)


def sender(header: str, reads: bool, nobody: Allowance) -> str:
    """The token of an Authorization header; who has none may read. ApiFault for an unknown one."""
    kind, _, token = header.partition(" ")
    if not header and reads:
        nobody.take()
        return NOBODY
    if not header:
        raise ApiFault(401, "Requires authentication")
    if kind.lower() not in ("token", "bearer") or token not in (PERSON, WORKFLOW):
        raise ApiFault(401, "Bad credentials")
    return token


def may_open(token: str, workflows_may: bool) -> None:
    """Workflows open no pull requests until the repository's settings let them."""
    if token == WORKFLOW and not workflows_may:
        raise ApiFault(403, "GitHub Actions is not permitted to create or approve pull requests.")
