"""Workflow files -> the jobs that sign in to Azure, and the exact subject that GitHub's token gives each.

Subjects: https://docs.github.com/actions/reference/security/oidc. A job in an environment has that
environment's subject and no other; a job without one has its event's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aks_flow.azure.identity import access
from aks_flow.azure.identity.environments import Place, Possible, callers, possible
from aks_flow.workflows.signins import logs_in
from aks_flow.workflows.tree import Workflow, WorkflowNode, called_file, environment_name, steps

_PUSHES = re.compile(r"\./inv\s+(?:\S+\s+)*?image\.(?:push|mirror)\b")
_ON_ANY_BRANCH = ("workflow_dispatch", "merge_group", "create")
DEFAULT_BRANCH = "(default branch)"  # which one that is, only GitHub knows


@dataclass(frozen=True)
class SigningJob:
    """A job that signs in.

    subjects: every subject that it can have, patterns of branches as they stand in the file. token: whether
    it gets an OIDC token. pushes: whether it publishes images. known: False if it can have others, which
    the files do not tell.
    """

    file: str
    line: int
    name: str
    subjects: tuple[str, ...]
    token: bool
    pushes: bool = False
    known: bool = True

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


def jobs(workflows: list[Workflow], repository: str) -> list[SigningJob]:
    """The jobs that sign in, and those that call a file with such jobs, since they grant its permissions."""
    files = {workflow.file: workflow for workflow in workflows}
    signing_in = [job for workflow in workflows for job in _signing_in(files, workflow, repository)]
    needing = {job.file for job in signing_in}
    return signing_in + [
        SigningJob(workflow.file, job.line, name, (), _may_have_token(workflow, job))
        for workflow in workflows
        for name, job in workflow.jobs.items()
        if called_file(job) in needing
    ]


def _signing_in(files: Mapping[str, Workflow], workflow: Workflow, repository: str) -> Iterator[SigningJob]:
    for name, job in workflow.jobs.items():
        scripts = [step.text("run") for step in steps(job)]
        if any(logs_in(step) or _is_azure_s(step) for step in steps(job)):
            environments = _environments(files, workflow, job)
            subjects = [f"repo:{repository}:{claim}" for claim in _claims(files, workflow, frozenset())]
            if environments:
                subjects = [access.subject(repository, text) for text in environments.texts]
            yield SigningJob(
                workflow.file,
                job.line,
                name,
                tuple(dict.fromkeys(subjects)),
                _may_have_token(workflow, job),
                any(map(_PUSHES.search, scripts)),
                environments.complete if environments else bool(subjects),
            )


def _environments(files: Mapping[str, Workflow], workflow: Workflow, job: WorkflowNode) -> Possible | None:
    """None of a job that has no environment."""
    where = job.get("environment")
    if where is None:
        return None
    return possible(Place(files, workflow, job), environment_name(where))


def _is_azure_s(step: WorkflowNode) -> bool:
    return step.text("uses").lower().startswith("azure/login@")


def _may_have_token(workflow: Workflow, job: WorkflowNode) -> bool:
    granted = job.get("permissions") or workflow.root.get("permissions")
    return bool(granted) and "write" in (granted.text("id-token"), granted.text().removesuffix("-all"))


def _claims(files: Mapping[str, Workflow], workflow: Workflow, calling: frozenset[str]) -> Iterator[str]:
    """The subjects' ends without an environment, by the events that start the file or one that calls it."""
    for name, event in workflow.events.items():
        if name == "workflow_call":
            for caller, _ in callers(files, workflow.file):
                if caller.file not in calling:
                    yield from _claims(files, caller, calling | {workflow.file})
        elif name in ("pull_request", "pull_request_target"):
            yield "pull_request"
        elif name == "push":
            yield from _of_push(event)
        elif name == "release":
            yield "ref:refs/tags/*"
        else:
            yield f"ref:refs/heads/{'*' if name in _ON_ANY_BRANCH else DEFAULT_BRANCH}"


def _of_push(event: WorkflowNode) -> Iterator[str]:
    branches, tags = event.texts("branches"), event.texts("tags")
    yield from (f"ref:refs/tags/{tag}" for tag in tags)
    yield from (f"ref:refs/heads/{branch}" for branch in branches or ([] if tags else ["*"]))
