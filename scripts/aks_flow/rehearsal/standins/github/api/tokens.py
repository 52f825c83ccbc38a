"""Who asks: a person, or a workflow with the repository's own token."""

from dataclasses import dataclass

PERSON, WORKFLOW = "ghp_rehearsal", "ghs_rehearsal"


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


def bearer(header: str) -> str:
    """The token of an Authorization header; ApiFault for none and for an unknown one."""
    kind, _, token = header.partition(" ")
    if not header:
        raise ApiFault(401, "Requires authentication")
    if kind.lower() not in ("token", "bearer") or token not in (PERSON, WORKFLOW):
        raise ApiFault(401, "Bad credentials")
    return token


def may_open(token: str, workflows_may: bool) -> None:
    """Workflows open no pull requests until the repository's settings let them."""
    if token == WORKFLOW and not workflows_may:
        raise ApiFault(403, "GitHub Actions is not permitted to create or approve pull requests.")
