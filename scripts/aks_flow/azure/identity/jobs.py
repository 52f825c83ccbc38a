"""Workflow files -> the jobs that sign in to Azure, and the exact subject that GitHub's token gives each.

Subjects: https://docs.github.com/actions/reference/security/oidc. A job in an environment has that
environment's subject and no other; a job without one has its event's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.azure.identity import access
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

_SIGNS_IN = re.compile(r"\./inv\s+(?:\S+\s+)*?azure\.login\b")
_PUSHES = re.compile(r"\./inv\s+(?:\S+\s+)*?image\.(?:push|mirror)\b")
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}", re.S)
_COMPARED = re.compile(r"[\w.-]+\s*[!=]=\s*'[^']*'")
_INPUT = re.compile(r"(?:github\.event\.)?inputs\.([\w-]+)")
_OUTPUT = re.compile(r"needs\.([\w-]+)\.outputs\.([\w-]+)")
_TEXT = re.compile(r"'([^']*)'")


@dataclass(frozen=True)
class SigningJob:
    """A job that signs in.

    subjects: every subject that it can have, patterns of branches as they stand in the file. token: whether
    it gets an OIDC token. pushes: whether it publishes images. known: False if its environment cannot be
    read from the file.
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
    """The jobs that sign in, and those that call a file with such jobs, since they grant its permissions.

    Of a file that only others call, a job without an environment has no subject of its own.
    """
    signing_in = [job for workflow in workflows for job in _signing_in(workflow, repository)]
    needing = {job.file for job in signing_in}
    return signing_in + [
        SigningJob(workflow.file, job.line, name, (), _may_have_token(workflow, job))
        for workflow in workflows
        for name, job in workflow.jobs.items()
        if job.text("uses").removeprefix("./") in needing
    ]


def _signing_in(workflow: Workflow, repository: str) -> Iterator[SigningJob]:
    for name, job in workflow.jobs.items():
        scripts = [step.text("run") for step in steps(job)]
        if any(map(_SIGNS_IN.search, scripts)) or _uses_login(job):
            subjects = tuple(_subjects(workflow, job, repository))
            pushes = any(map(_PUSHES.search, scripts))
            yield SigningJob(
                workflow.file,
                job.line,
                name,
                subjects,
                _may_have_token(workflow, job),
                pushes,
                bool(subjects),
            )


def _uses_login(job: WorkflowNode) -> bool:
    return any(step.text("uses").lower().startswith("azure/login@") for step in steps(job))


def _may_have_token(workflow: Workflow, job: WorkflowNode) -> bool:
    granted = job.get("permissions") or workflow.root.get("permissions")
    return bool(granted) and "write" in (granted.text("id-token"), granted.text().removesuffix("-all"))


def _subjects(workflow: Workflow, job: WorkflowNode, repository: str) -> list[str]:
    where = job.get("environment")
    if where is None:
        return [f"repo:{repository}:{claim}" for claim in _claims(workflow)]
    name = where.text("name") or where.text()
    return [access.subject(repository, environment) for environment in _values(workflow, name)]


def _values(workflow: Workflow, text: str) -> list[str]:
    """Every value that a text with an expression can have; none if that cannot be told."""
    match = _EXPRESSION.fullmatch(text)
    if not match:
        return [] if "${{" in text else [text]
    expression = match[1]
    if named := _INPUT.fullmatch(expression):
        return _options(workflow, named[1])
    if output := _OUTPUT.fullmatch(expression):
        job = workflow.jobs.get(output[1])
        return _values(workflow, job.text("outputs", output[2])) if job else []
    return list(dict.fromkeys(_TEXT.findall(_COMPARED.sub("", expression))))


def _options(workflow: Workflow, name: str) -> list[str]:
    choice = workflow.root.get("on", "workflow_dispatch", "inputs", name, "options")
    return [item.text() for item in choice.items] if choice else []


def _claims(workflow: Workflow) -> Iterator[str]:
    """The subjects' ends without an environment, by the events that start the workflow."""
    for name, event in workflow.events.items():
        if name in ("pull_request", "pull_request_target"):
            yield "pull_request"
        elif name != "workflow_call":
            branches, tags = (
                [item.text() for item in node.items] if (node := event.get(kind)) else []
                for kind in ("branches", "tags")
            )
            yield from (f"ref:refs/tags/{tag}" for tag in tags)
            yield from (f"ref:refs/heads/{branch}" for branch in branches or ([] if tags else ["*"]))
