"""Pushing to origin, and what its refusal means."""

import re
from collections.abc import Mapping
from dataclasses import replace

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.flow import ORIGIN, Flow
from aks_flow.tools.git import ANY, push_refusals, reason, remotes

# GitHub's words, of an app's token and of a person's, where a ref's workflow files differ from the branches'.
_WORKFLOW_FILES = re.compile(r"without `?workflows?`? (?:permission|scope)")
_BY_WORKFLOW = (
    "A workflow's own token may bring no change of workflow files: FLOW_TOKEN with `workflows: write` may."
)


class Overtaken(AksFlowError):
    """Origin has moved since it was asked."""


def push(
    flow: Flow,
    references: list[str],
    again: str,
    by_request: str = "",
    gone: Mapping[str, str] | None = None,
) -> None:
    """All of the references or none; AksFlowError if origin takes none, Overtaken if it has moved.

    again: what to do then. by_request: what to do if it is main or develop that takes no pushes. gone: as of
    `remotes.push`.
    """
    with flow.steps("push") as step:
        step.note = f"to {ORIGIN}"
        answer = flow.run.run(replace(remotes.push(flow.repo, ORIGIN, *references, gone=gone), ok=ANY))
        if answer.code:
            rules = push_refusals.broken_rules(answer.error_text)
            what = str(rules) if rules else f"{ORIGIN} refuses the push: {reason(answer)}"
            protected = rules and rules.name in (flow.names.main, flow.names.develop)
            what = f"{what}. Nothing has changed here"
            step = by_request if protected and by_request else again
            lacking = _WORKFLOW_FILES.search(answer.error_text)
            kind = Overtaken if push_refusals.OVERTAKEN.search(answer.error_text) else AksFlowError
            raise kind(what, next_step=f"{_BY_WORKFLOW} {step}" if lacking else step)
