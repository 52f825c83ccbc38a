"""A YAML document as values that know their lines, and the text around them."""

from dataclasses import dataclass
from functools import cached_property

import yaml
from yaml.reader import ReaderError

from aks_flow.core.errors import AksFlowError

_CORRECT = "Correct the syntax."


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

    def texts(self, *keys: str) -> list[str]:
        """The texts of the list under a chain of keys; none if there is no such list."""
        node = self.get(*keys)
        return [item.text() for item in node.items] if node else []

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


def called_file(job: WorkflowNode) -> str:
    """The file of the same repository that a job calls, as ``.github/workflows/ci.yml``; "" if it calls none.

    Another repository's comes as it stands there: no file of this one is called so.
    """
    return job.text("uses").removeprefix("./")


def environment_name(environment: WorkflowNode) -> str:
    """What a job's ``environment:`` names, alone or as its ``name:``; expressions are left as they stand."""
    return environment.text("name") or environment.text()


def read(file: str, content: str | bytes) -> Workflow:
    """Parse; AksFlowError with file and line if it is not UTF-8, not YAML or not a mapping."""
    text = _decoded(file, content) if isinstance(content, bytes) else content
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refused(file, mark.line + 1, f"not YAML: {error.problem}", _CORRECT) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"not YAML: the character U+{error.character:04X}"
        raise _refused(file, line, what, "Remove it.") from error
    except RecursionError as error:
        raise _refused(file, 1, "not a workflow: nested too deeply", _CORRECT) from error
    if not isinstance(root, yaml.MappingNode):
        raise _refused(file, 1, "not a workflow", "Write `on:` and `jobs:`.")
    return Workflow(file, text, _node(root, 1, file))


def _decoded(file: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{content[error.start]:02x} is not UTF-8"
        raise _refused(file, line, what, "Save the file as UTF-8.") from error


def _refused(file: str, line: int, what: str, do: str) -> AksFlowError:
    return AksFlowError(what, where=f"{file}:{line}", next_step=do)


def _node(node: yaml.Node, line: int, file: str, around: tuple[yaml.Node, ...] = ()) -> WorkflowNode:
    """around: what it stands in, which it cannot hold again by an alias."""
    if node in around:
        raise _refused(file, line, "an alias stands in what it names", _CORRECT)
    inside = (*around, node)
    if isinstance(node, yaml.MappingNode):
        return WorkflowNode(_mapping(node, file, inside), line)
    if isinstance(node, yaml.SequenceNode):
        items = [_node(item, item.start_mark.line + 1, file, inside) for item in node.value]
        return WorkflowNode(items, line)
    return WorkflowNode(node.value, line)


def _mapping(node: yaml.MappingNode, file: str, inside: tuple[yaml.Node, ...]) -> dict[str, WorkflowNode]:
    entries: dict[str, WorkflowNode] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise _refused(file, line, "a key that is no text", _CORRECT)
        if key.value in entries:
            raise _refused(file, line, f"{key.value!r} stands twice", "Remove one of them.")
        entries[key.value] = _node(value, line, file, inside)
    return entries
