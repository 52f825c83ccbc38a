"""An action that is pinned by its commit says which version that is. That it is pinned, zizmor checks."""

import re
from collections.abc import Iterator

from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

_COMMIT = re.compile(r"@[0-9a-f]{40}$")
_VERSION = re.compile(r"v?\d+(\.\d+)*\b")
_PINNED = re.compile(r"(?m)^(.*\buses:\s*[\"']?[\w./-]+@)[0-9a-f]{40}\b([\"']?\s+#\s*v?)(\d+)")


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    for job in workflow.jobs.values():
        for place in [job, *steps(job)]:
            used = place.get("uses")
            if used and not used.text().startswith("./"):
                yield from _pin(workflow, used)


def _pin(workflow: Workflow, used: WorkflowNode) -> Iterator[WorkflowFault]:
    if _COMMIT.search(used.text()) and not _VERSION.match(workflow.comment(used.line)):
        yield used.line, "no-version", "the pin does not say its version", "Add it: `# v1.2.3`."


def by_version(text: str) -> str:
    """The file with each pinned action named by the major version in its comment, line for line."""
    return _PINNED.sub(r"\1v\3\2\3", text)
