"""The token may read the contents; a job that needs more says what for."""

from collections.abc import Iterator

from aks_flow.workflows.finding import Fault
from aks_flow.workflows.tree import Node, Workflow

READ = {"contents": "read"}


def check(workflow: Workflow) -> Iterator[Fault]:
    granted = workflow.root.get("permissions")
    if granted is None:
        what = "no top-level permissions: the token gets the repository's default"
        yield 1, "permissions", what, "Add `permissions: {contents: read}`."
    elif _plain(granted) not in (READ, {}):
        what = "the top-level permissions are wider than `contents: read`"
        yield granted.line, "permissions", what, "Move the wider one to its job."
    for job in workflow.jobs.values():
        yield from _job(workflow, job)


def _job(workflow: Workflow, job: Node) -> Iterator[Fault]:
    granted = job.get("permissions")
    if granted is None:
        return
    for node in granted.mapping.values() or [granted]:
        if node.text() not in ("read", "none") and not workflow.comment(node.line):
            do = "Name the one scope, and say in a comment on its line what the job needs it for."
            yield node.line, "permission-reason", "a wider permission without a reason", do


def _plain(granted: Node) -> dict[str, str] | str:
    return granted.text() or {scope: node.text() for scope, node in granted.mapping.items()}
