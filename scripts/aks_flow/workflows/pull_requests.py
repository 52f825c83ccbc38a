"""An environment, with its secrets and identity, is not for code that only a pull request has.

A fork's pull request reaches no job with an environment, and no pull request at all one that delivers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from aks_flow.workflows import expression
from aks_flow.workflows.finding import WorkflowFinding
from aks_flow.workflows.scripts import delivers
from aks_flow.workflows.tree import Workflow, WorkflowNode, called_file, environment_name

_EVENTS = ("pull_request", "pull_request_target")
_STATUS = {"always", "failure", "cancelled"}  # a job with one runs although a job before it was skipped


@dataclass(frozen=True)
class RepositoryName:
    """A name that is known only to be this repository's, or to be another's."""

    whose: str


_OWN = RepositoryName("this")


def check(workflows: list[Workflow]) -> list[WorkflowFinding]:
    """What every file's jobs can be reached by, through the files that call them too; one finding a place."""
    files = {workflow.file: workflow for workflow in workflows}
    places: dict[tuple[str, int], WorkflowFinding] = {}
    for workflow in workflows:
        for event, fork in product(_EVENTS, (True, False)):
            if event in workflow.events:
                for finding in _in_file(files, workflow, _facts(event, fork), frozenset()):
                    places.setdefault((finding.file, finding.line), finding)
    return list(places.values())


def _facts(event: str, fork: bool) -> expression.Facts:
    head = RepositoryName("another") if fork else _OWN
    facts = {
        "github.event_name": event,
        "github.event.pull_request.head.repo.fork": fork,
        "github.event.pull_request.head.repo.full_name": head,
        "github.repository": _OWN,
    }
    if event == "pull_request":
        facts |= {"github.ref": "refs/pull/1/merge", "github.ref_name": "1/merge"}
    return facts


def _in_file(
    files: Mapping[str, Workflow], workflow: Workflow, facts: expression.Facts, calling: frozenset[str]
) -> Iterator[WorkflowFinding]:
    """calling: the files that call this one, each of which is not looked at again."""
    if workflow.file in calling:
        return
    for name, job in workflow.jobs.items():
        if not _reached(workflow, name, facts, frozenset()):
            continue
        called = files.get(called_file(job))
        if called:
            yield from _in_file(files, called, facts, calling | {workflow.file})
        elif where := job.get("environment"):
            yield from _environment(workflow, name, job, where, facts)


def _environment(
    workflow: Workflow, name: str, job: WorkflowNode, where: WorkflowNode, facts: expression.Facts
) -> Iterator[WorkflowFinding]:
    fork = facts["github.event.pull_request.head.repo.fork"]
    if not fork and not delivers(job):
        return
    whose = "a fork's pull request" if fork else "a pull request"
    target = environment_name(where)
    what = f"{whose} reaches job {name}, with the environment {target}"
    do = "Keep pull requests out by the job's `if:`, or give the job no environment."
    yield WorkflowFinding(workflow.file, where.line, "pull-request", what, do)


def _reached(workflow: Workflow, name: str, facts: expression.Facts, after: frozenset[str]) -> bool:
    """Whether the job can run. after: the jobs that wait for it, if they wait in a circle."""
    job = workflow.jobs.get(name)
    if job is None or name in after:
        return True
    tree = expression.parse(expression.bare(job.text("if")))
    if tree and expression.truth_of(expression.value(tree, facts)) is False:
        return False
    needs = job.get("needs")
    if needs is None or (tree and expression.calls(tree) & _STATUS):
        return True
    return all(_reached(workflow, item.text(), facts, after | {name}) for item in needs.items)
