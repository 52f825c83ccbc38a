"""A run started by hand: its inputs, as GitHub's form would take them."""

from collections.abc import Mapping

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github.event import BRANCH, DISPATCH, Event
from aks_flow.rehearsal.standins.github.hub import NO_TASK, WORKFLOWS, Hub, read
from aks_flow.rehearsal.standins.github.runs import Run
from aks_flow.tools.git import objects
from aks_flow.workflows.tree import Workflow, WorkflowNode


def dispatch(hub: Hub, name: str, branch: str, given: Mapping[str, str]) -> Run:
    """Queue a run of a workflow file as it is on ``branch``; AksFlowError if it cannot be started."""
    commit, path = hub.branch(branch), f"{WORKFLOWS}/{name.removesuffix('.yml')}.yml"
    (content,) = objects.parse_objects(
        hub.run.run(objects.read_objects(hub.repository, [f"{commit}:{path}"])).stdout
    )
    if content is None:
        raise AksFlowError(
            f"there is no {path}", where=branch, next_step="`git ls-tree` shows what there is."
        )
    workflow = read(path, content)
    if not hub.leads_to_task(commit, content):
        raise AksFlowError(f"{path} is not run: {NO_TASK}", next_step="Start it at GitHub.")
    if DISPATCH not in workflow.events:
        raise AksFlowError(f"{path} cannot be started by hand", next_step=f"Add `{DISPATCH}:` to its `on:`.")
    event = Event(DISPATCH, f"{BRANCH}{branch}", commit, inputs=inputs(workflow, given))
    return hub.runs.add(path, event)


def inputs(workflow: Workflow, given: Mapping[str, str]) -> dict[str, str]:
    """All inputs with their values; AksFlowError for an unknown or missing one, or no choice."""
    node = workflow.root.get("on", DISPATCH, "inputs")
    declared = node.mapping if node else {}
    for name in given:
        if name not in declared:
            known = ", ".join(declared) or "none"
            raise AksFlowError(
                f"there is no input {name!r}", where=workflow.file, next_step=f"It has: {known}."
            )
    return {name: _value(workflow.file, name, about, given.get(name)) for name, about in declared.items()}


def _value(file: str, name: str, about: WorkflowNode, given: str | None) -> str:
    value = about.text("default") if given is None else given
    if not value and about.text("required") == "true":
        raise AksFlowError(f"the input {name!r} is required", where=file, next_step=f"Add --input {name}=….")
    options = about.texts("options")
    if about.text("type") == "boolean":
        options = ["true", "false"]
    if options and value not in options:
        step = f"Choose one of: {', '.join(options)}."
        raise AksFlowError(f"{value!r} is no choice for the input {name!r}", where=file, next_step=step)
    return value
