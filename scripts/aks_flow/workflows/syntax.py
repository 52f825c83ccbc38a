"""Keys and events that GitHub's workflow syntax does not have; what it has is in syntax.yaml."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import yaml

from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

_REQUIRED = (("on", "events"), ("jobs", "jobs"))
_PARTS = ("concurrency", "permissions", "environment", "strategy")


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    """Each key and event that GitHub does not know, and each key that must be there and is not."""
    for key, content in _REQUIRED:
        if key not in workflow.root.mapping:
            yield 1, "syntax", f"no `{key}:`", f"Name the workflow's {content}."
    yield from _known(workflow.root, "workflow")
    yield from _parts(workflow.root)
    yield from _events(workflow)
    for name, job in workflow.jobs.items():
        yield from _job(name, job)


def _events(workflow: Workflow) -> Iterator[WorkflowFault]:
    events = _syntax()["events"]
    for name, event in workflow.events.items():
        if name not in events:
            yield event.line, "syntax", f"{name!r} is no event", did_you_mean(name, sorted(events))
            continue
        for part in [event, *(event.items if name == "schedule" else [])]:
            yield from _unknown(part, events[name], name)


def _job(name: str, job: WorkflowNode) -> Iterator[WorkflowFault]:
    yield from _known(job, "call" if job.get("uses") else "job")
    yield from _parts(job)
    if not job.get("uses") and not (job.get("runs-on") and steps(job)):
        yield job.line, "syntax", f"job {name} has nothing to run", "Give it `runs-on:` and `steps:`."
    for step in steps(job):
        yield from _known(step, "step")
        if bool(step.get("run")) == bool(step.get("uses")):
            yield step.line, "syntax", "a step runs or uses one thing", "Write either `run:` or `uses:`."


def _parts(node: WorkflowNode) -> Iterator[WorkflowFault]:
    for key in _PARTS:
        if part := node.get(key):
            yield from _known(part, key)


def _known(node: WorkflowNode, kind: str) -> Iterator[WorkflowFault]:
    return _unknown(node, _syntax()[kind], kind)


def _unknown(node: WorkflowNode, allowed: Iterable[str], where: str) -> Iterator[WorkflowFault]:
    for key, value in node.mapping.items():
        if key not in allowed:
            yield value.line, "syntax", f"{where} has no key {key!r}", did_you_mean(key, sorted(allowed))


@cache
def _syntax() -> dict:
    """Kind -> its keys; the events are a mapping of their own."""
    read = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
    return {kind: _flat(keys) if isinstance(keys, list) else keys for kind, keys in read.items()}


def _flat(keys: list) -> list[str]:
    """Long lists stand in several lines of the file."""
    return [key for part in keys for key in (part if isinstance(part, list) else [part])]
