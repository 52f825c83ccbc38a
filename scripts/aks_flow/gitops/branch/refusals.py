"""git's words when a remote refuses -> one sentence, and whether another attempt makes sense."""

import re

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.tools.git import push_refusals

# The answer was lost: the push may have been taken or not.
_LOST = re.compile(
    r"hung up unexpectedly|early EOF|RPC failed|unexpected disconnect|reset by peer|broken pipe"
    r"|returned error: (?:5\d\d|429)|internal server error",
    re.IGNORECASE,
)
_ALLOW = "Let this account push to it; `gitops.promote --pr` proposes a change instead."
_SIGN = (
    "Let git sign (commit.gpgsign, user.signingkey: docs/workflows.md), or let this account pass the rule."
)
_SENTENCES = (
    (
        r"protected branch|TF402455",
        "the branch {branch} is protected",
        _ALLOW,
    ),
    (
        r"hook declined|pre-receive|pre-push",
        "a hook declined the push to {branch}",
        "What the hook output is above: meet it, then run the same command again.",
    ),
    (
        r"authentication failed|could not read (?:Username|Password)|permission denied|denied to "
        r"|returned error: 40[13]|invalid username|access denied|not granted|host key verification",
        "the git remote refuses this account",
        "Log in (`gh auth login`, or an ssh key); a workflow needs `permissions: contents: write`.",
    ),
    (
        r"does not appear to be a git repository|repository .*not found|not found|does not exist"
        r"|not a git repository",
        "there is no git repository at the remote",
        "Correct the target's `repository` or `origin`; ./inv rehearsal.up makes the rehearsal's.",
    ),
    (
        r"could not resolve|connect to|connection refused|timed out|unable to access|unreachable",
        "the git remote does not answer",
        "Check the address and the network, then run the same command again.",
    ),
)


class RemoteRefusal(AksFlowError):
    """git's remote refused a fetch or a push.

    retryable: deriving the change again from the new tip may succeed. lost: the answer did not come, so the
    push may have been taken.
    """

    def __init__(self, output: str, remote: str, branch: str):
        what, step = _sentence(output)
        words = "\n".join(f"    {line}" for line in _words(output)) or "    (git printed nothing)"
        where = f"{branch} at {remote}"
        super().__init__(f"{what.format(branch=branch)}:\n{words}\n", where=where, next_step=step)
        self.lost = bool(_LOST.search(output))
        self.retryable = self.lost or bool(push_refusals.OVERTAKEN.search(output))


def refusal(result: Result, remote: str, branch: str) -> RemoteRefusal:
    """A failed git command as an error; ``remote`` and ``branch`` say where."""
    return RemoteRefusal(f"{result.text}\n{result.error_text}", remote, branch)


def _sentence(output: str) -> tuple[str, str]:
    rules = push_refusals.broken_rules(output)
    if rules:
        signed = any("signature" in rule for rule in rules.rules)
        return str(rules).replace("{", "{{").replace("}", "}}"), _SIGN if signed else _ALLOW
    for pattern, what, step in _SENTENCES:
        if re.search(pattern, output, re.IGNORECASE):
            return what, step
    return "git was refused", "git's own words are above."


def _words(output: str) -> list[str]:
    """git's lines without its advice and the parts of the porcelain format that say nothing."""
    lines = [line.strip() for line in output.splitlines()]
    return [line for line in lines if line and not line.startswith(("hint:", "To ", "Done"))][-10:]
