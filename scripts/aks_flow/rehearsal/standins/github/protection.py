"""Branches that take no pushes: a pre-receive hook that refuses as GitHub does.

https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches
"""

import shlex
from collections.abc import Mapping

from aks_flow.rehearsal.standins.github.hub import Hub

BY_REQUEST = "Changes must be made through a pull request."
_WORDS = {
    "GH006": "error: GH006: Protected branch update failed for $reference.",
    "GH013": "error: GH013: Repository rule violations found for $reference.",
}


def protect(hub: Hub, rules: Mapping[str, tuple[str, str]]) -> None:
    """Refuse pushes to some refs, each by GH006 or GH013 and a rule; all that was set before is gone."""
    hook = hub.repository / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    cases = "\n".join(_case(reference, code, rule) for reference, (code, rule) in rules.items())
    reading = f"while read -r old new reference; do\n  case $reference in\n{cases}\n  esac\ndone"
    draft = hook.with_suffix(".new")
    draft.write_text(f"#!/bin/sh\n{reading}\nexit ${{refused:-0}}\n")
    draft.chmod(0o755)
    draft.replace(hook)


def unprotect(hub: Hub) -> None:
    (hub.repository / "hooks" / "pre-receive").unlink(missing_ok=True)


def _case(reference: str, code: str, rule: str) -> str:
    """reference: a shell pattern."""
    said = f'printf "%s\\n" "{_WORDS[code]}" "" {shlex.quote(f"- {rule}")} "" >&2'
    return f"  {reference}) {said}; refused=1 ;;"
