"""A YAML document as values that know their lines, and the text around them."""

from dataclasses import dataclass
from functools import cached_property

import yaml

from aks_flow.core.errors import AksFlowError


@dataclass(frozen=True)
class WorkflowNode:
    """A value of the file: text, list or mapping. line: where its key (or itself) stands, from 1."""

    value: "str | list[WorkflowNode] | dict[str, WorkflowNode]"
    line: int

    def get(self, *keys: str) -> "WorkflowNode | None":
        """What stands under a chain of keys, or None."""
        node = self
        for key in keys:
            node = node.mapping.get(key) if node else None
        return node

    def text(self, *keys: str) -> str:
        """The text under a chain of keys; "" if there is none."""
        node = self.get(*keys)
        return node.value if node and isinstance(node.value, str) else ""

    @property
    def mapping(self) -> "dict[str, WorkflowNode]":
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> "list[WorkflowNode]":
        """A list's items; a text alone counts as a list of one, as in `needs: build`."""
        if isinstance(self.value, list):
            return self.value
        return [self] if isinstance(self.value, str) and self.value else []

    def walk(self) -> "list[WorkflowNode]":
        """The texts in it, in the file's order."""
        if isinstance(self.value, str):
            return [self]
        inner = self.value.values() if isinstance(self.value, dict) else self.value
        return [text for node in inner for text in node.walk()]


@dataclass(frozen=True)
class Workflow:
    """One workflow file."""

    file: str
    text: str
    root: WorkflowNode

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def jobs(self) -> dict[str, WorkflowNode]:
        node = self.root.get("jobs")
        return node.mapping if node else {}

    @property
    def events(self) -> dict[str, WorkflowNode]:
        """The events that start it, in whichever of the three forms `on:` has."""
        node = self.root.get("on")
        if node is None:
            return {}
        return node.mapping or {item.text(): item for item in node.items}

    def comment(self, line: int) -> str:
        """The comment at the end of a line; "" without one."""
        return self.lines[line - 1].partition(" #")[2].strip()


def steps(job: WorkflowNode) -> list[WorkflowNode]:
    node = job.get("steps")
    return node.items if node else []


def read(file: str, text: str) -> Workflow:
    """Parse; AksFlowError with file and line if the text is not YAML or not a mapping."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise AksFlowError(
            f"not YAML: {error.problem}", where=f"{file}:{mark.line + 1}", next_step="Correct the syntax."
        ) from error
    if not isinstance(root, yaml.MappingNode):
        raise AksFlowError("not a workflow", where=f"{file}:1", next_step="Write `on:` and `jobs:`.")
    return Workflow(file, text, _node(root, 1, file))


def _node(node: yaml.Node, line: int, file: str) -> WorkflowNode:
    if isinstance(node, yaml.MappingNode):
        return WorkflowNode(_mapping(node, file), line)
    if isinstance(node, yaml.SequenceNode):
        return WorkflowNode([_node(item, item.start_mark.line + 1, file) for item in node.value], line)
    return WorkflowNode(node.value, line)


def _mapping(node: yaml.MappingNode, file: str) -> dict[str, WorkflowNode]:
    nodes: dict[str, WorkflowNode] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.value in nodes:
            raise AksFlowError(
                f"{key.value!r} stands twice", where=f"{file}:{line}", next_step="Remove one of them."
            )
        nodes[key.value] = _node(value, line, file)
    return nodes
