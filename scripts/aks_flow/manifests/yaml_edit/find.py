"""Paths in a tree: the nodes that a path leads to, and the path that leads to a node."""

from itertools import pairwise

from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.nodes import Alias, Mapping, Sequence, YamlNode, key_of
from aks_flow.manifests.yaml_edit.paths import Path, parse_path
from aks_flow.manifests.yaml_edit.source import YamlDocument, YamlSource
from aks_flow.manifests.yaml_edit.steps import Every, Index, Key, Step, Where, is_bare, quoted


def find(source: YamlSource, path: str, *, through_aliases: bool) -> list[YamlNode]:
    """The nodes at `path`, one or more. EditError if there is none, or if an alias stands where none may."""
    parsed = parse_path(path)
    nodes = [document.root for document in _documents(source, parsed, path)]
    for step in parsed.steps:
        if not through_aliases:
            _refuse_aliases(source, nodes, path)
        children = [node for parent in nodes for node in step.of(parent.resolved)]
        if not children:
            raise _no_match(source, nodes, step, path)
        nodes = children
    return nodes


def _documents(source: YamlSource, parsed: Path, path: str) -> list[YamlDocument]:
    documents = source.documents
    if isinstance(parsed.document, Index):
        documents = documents[parsed.document.place : parsed.document.place + 1]
    elif parsed.document:
        documents = [document for document in documents if parsed.document.holds(document.root)]
    if not documents:
        count = len(source.documents)
        what = f"none of its {count} documents is the one of `{path}`"
        raise EditError(what, where=source.where, next_step="Name another document, or another file.")
    return documents


def _refuse_aliases(source: YamlSource, nodes: list[YamlNode], path: str) -> None:
    for node in nodes:
        if isinstance(node, Alias):
            raise source.refuse(
                f"`{path}` leads through the alias *{node.anchor}, "
                f"whose anchor is on line {node.target.line}",
                node.line,
                "Edit it there by hand, or write it out here.",
            )


def _no_match(source: YamlSource, nodes: list[YamlNode], step: Step, path: str) -> EditError:
    parent = nodes[0].resolved
    if isinstance(parent, Mapping):
        held = "has " + (", ".join(parent.named) or "no keys")
    elif isinstance(parent, Sequence):
        held = f"is a list of {len(parent.items)}"
    else:
        held = "is empty" if parent.is_empty else "is a single value"
    what = f"nothing is at `{path}`: no `{step}` in what {held}"
    return source.refuse(what, nodes[0].line, _next_step(parent, path))


def _next_step(parent: YamlNode, path: str) -> str:
    """How the key that was probably meant is written, if it is one that only quotes let stand in a path."""
    names = parent.named if isinstance(parent, Mapping) else ()
    meant = next((name for name in names if not is_bare(name) and name in path), None)
    if meant is None and path.startswith("/"):
        return f"Join keys by dots: {path.strip('/').replace('/', '.')}."
    return f"Quote the key: [{quoted(meant)}]." if meant else "Correct the path."


def path_to(source: YamlSource, node: YamlNode) -> str:
    """The path that `find` follows to this node alone; list items go by their name where no other has it."""
    chain = [node, *source.holders(node)]
    steps = [_step(parent, child) for child, parent in pairwise(chain)]
    return str(Path(_document_of(source, chain[-1]), tuple(reversed(steps))))


def _step(parent: Mapping | Sequence, child: YamlNode) -> Step:
    if isinstance(parent, Mapping):
        name = key_of(child.key)
        return Every() if name is None else Key(name)  # a key that is a collection has no name
    by_name = Where((("name", _name(child)),))
    return by_name if _name(child) and by_name.of(parent) == [child] else Index(parent.items.index(child))


def _name(node: YamlNode) -> str:
    target = node.resolved
    return target.text("name") if isinstance(target, Mapping) else ""


def _document_of(source: YamlSource, root: YamlNode) -> Index | Where | None:
    if len(source.documents) == 1:
        return None
    by_name = _object(root)
    if by_name and sum(by_name.holds(document.root) for document in source.documents) == 1:
        return by_name
    return next(Index(document.index) for document in source.documents if document.root is root)


def _object(root: YamlNode) -> Where | None:
    metadata = root.get("metadata") if isinstance(root, Mapping) else None
    name = _name(metadata) if metadata else ""
    return Where((("kind", root.text("kind")), ("metadata.name", name))) if name else None
