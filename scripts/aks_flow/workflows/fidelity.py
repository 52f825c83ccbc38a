"""What a local run with act ignores, so that its success is taken for no more than it is."""

from collections.abc import Iterator

from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

# Key -> what GitHub does with it and act does not (act 0.2.89, host mode).
IGNORED = {
    "concurrency": "GitHub queues runs of one group; act runs what it is told",
    "permissions": "GitHub limits the token; act has the token that it is given, or none",
    "environment": "GitHub waits for reviewers and gives the environment's variables and secrets",
    "timeout-minutes": "GitHub stops the job",
}
CACHE = "actions/cache@"
_DO = "Look at it in a run on GitHub."


def left_out(workflow: Workflow) -> Iterator[WorkflowFault]:
    """Every key of the file, its jobs included, that a local run passes over."""
    yield from _keys(workflow.root, "the workflow")
    for name, job in workflow.jobs.items():
        yield from _keys(job, f"job {name}")
        if job.text("permissions", "id-token") == "write":
            line = job.get("permissions", "id-token").line
            yield line, "oidc", f"job {name}: act gives no OIDC token, so a sign-in with it fails", _DO
        for step in steps(job):
            if step.text("uses").startswith(CACHE):
                line = step.get("uses").line
                yield (
                    line,
                    "cache",
                    f"job {name}: GitHub keeps files between runs; here they stay anyway",
                    _DO,
                )


def _keys(node: WorkflowNode, where: str) -> Iterator[WorkflowFault]:
    for key, what in IGNORED.items():
        if value := node.get(key):
            yield value.line, key, f"{where}: {what}", _DO
