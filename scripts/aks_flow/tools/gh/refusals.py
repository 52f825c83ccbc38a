"""What gh says when GitHub refuses -> one sentence and what to do."""

import json
import re

from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError

_NOT_SIGNED_IN = 4  # gh's exit code
_SIGN_IN = "Log in with `gh auth login` (a workflow sets GH_TOKEN), then run the same command again."
_SENTENCES = (
    (
        r"not permitted to create or approve pull requests",
        "this repository's workflows may open no pull requests",
        "Allow it: Settings, Actions, General, `Allow GitHub Actions to create and approve pull requests`.",
    ),
    (
        r"rate limit|HTTP 429",
        "GitHub answers this login no more for now",
        "Wait, for up to an hour (`gh api rate_limit` says until when), then run the same command again.",
    ),
    (
        r"Resource not accessible by",
        "the token lacks a permission",
        "It needs `pull-requests: write` for pull requests and `contents: write` for releases, "
        "in the workflow's `permissions:` or the token's settings.",
    ),
    (r"HTTP 401|Bad credentials", "GitHub does not know this login", _SIGN_IN),
    (
        r"HTTP 404",
        "GitHub shows no such repository to this login",
        "Is `origin` right, and may this login read it? `gh auth status` says who it is.",
    ),
    (
        r"none of the git remotes|no git remotes|not a git repository",
        "no remote of this clone leads to GitHub",
        "Set `origin` to the repository on GitHub, or GH_REPO to OWNER/NAME.",
    ),
    (
        r"error connecting|no such host|connection refused|timeout|HTTP 5\d\d",
        "GitHub does not answer",
        "Check the network, then run the same command again.",
    ),
)


def refusal(command: Command, answer: Result) -> AksFlowError:
    """A failed call as an error, with what GitHub or gh said."""
    words = "; ".join(
        dict.fromkeys(word for word in (*_said(answer.text), *answer.error_text.splitlines()) if word)
    )
    if answer.code == _NOT_SIGNED_IN:
        return AksFlowError("gh is not signed in", where=str(command), next_step=_SIGN_IN)
    for pattern, what, step in _SENTENCES:
        if re.search(pattern, words, re.IGNORECASE):
            return AksFlowError(f"{what} ({words.strip()})", where=str(command), next_step=step)
    step = "Correct what it says, then run the same command again."
    return AksFlowError(f"GitHub refused: {words.strip()}", where=str(command), next_step=step)


def _said(text: str) -> list[str]:
    """What GitHub's answer says of what is wrong: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api"""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return []
    errors = body.get("errors") if isinstance(body, dict) else None
    return [_fault(error) for error in errors] if isinstance(errors, list) else []


def _fault(error: object) -> str:
    if not isinstance(error, dict):
        return str(error)
    return error.get("message") or " ".join(str(error.get(key, "")) for key in ("field", "code")).strip()
