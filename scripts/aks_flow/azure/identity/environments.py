"""The environments that a job's `environment:` can name, as far as the workflow files tell."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from aks_flow.workflows import expression
from aks_flow.workflows.expression import Expression, Literal, OperatorNode, Reference
from aks_flow.workflows.tree import Workflow, WorkflowNode, called_file

_PIECE = re.compile(r"\$\{\{(.*?)\}\}", re.S)
_INPUT = re.compile(r"(?:github\.event\.)?inputs\.([\w-]+)")
_OUTPUT = re.compile(r"needs\.([\w-]+)\.outputs\.([\w-]+)")
_MATRIX = re.compile(r"matrix\.([\w-]+)")
_DEEPEST = 8  # files that call each other, and outputs that name outputs


@dataclass(frozen=True)
class Possible:
    """texts: values that can be. complete: False if there can be others, which only a run knows."""

    texts: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True)
class Place:
    """Where a text stands. files: every workflow, by name. job: the one whose matrix counts."""

    files: Mapping[str, Workflow]
    workflow: Workflow
    job: WorkflowNode
    depth: int = 0


UNKNOWN = Possible(complete=False)


def callers(files: Mapping[str, Workflow], called: str) -> Iterator[tuple[Workflow, WorkflowNode]]:
    """The workflows and jobs that call a file of the same repository."""
    for workflow in files.values():
        for job in workflow.jobs.values():
            if called_file(job) == called:
                yield workflow, job


def possible(place: Place, text: str) -> Possible:
    """What a text with expressions can be."""
    if place.depth > _DEEPEST:
        return UNKNOWN
    pieces = _PIECE.split(text)  # plain, expression, plain, …
    parts = [
        _of_tree(place, expression.parse(piece.strip())) if number % 2 else Possible((piece,))
        for number, piece in enumerate(pieces)
    ]
    texts = tuple(dict.fromkeys("".join(values) for values in product(*(part.texts for part in parts))))
    return Possible(texts, all(part.complete for part in parts))


def _of_tree(place: Place, tree: Expression | None) -> Possible:
    """A text counts where it is a value, not where it is compared or asked about."""
    if isinstance(tree, Literal):
        return Possible((tree.value,)) if isinstance(tree.value, str) else UNKNOWN
    if isinstance(tree, Reference):
        return _of_reference(place, tree.path)
    if isinstance(tree, OperatorNode) and tree.name == "||":
        return _any(_of_tree(place, operand) for operand in tree.operands)
    if isinstance(tree, OperatorNode) and tree.name == "&&":
        return _of_tree(place, tree.operands[-1])
    if isinstance(tree, OperatorNode) and tree.name == "case()":
        return _any(_of_tree(place, operand) for operand in (*tree.operands[1::2], tree.operands[-1]))
    return UNKNOWN


def _any(several: Iterable[Possible]) -> Possible:
    parts = list(several)
    texts = dict.fromkeys(text for part in parts for text in part.texts if text)
    return Possible(tuple(texts), all(part.complete for part in parts))


def _of_reference(place: Place, path: str) -> Possible:
    if named := _INPUT.fullmatch(path):
        return _of_input(place, named[1])
    if named := _MATRIX.fullmatch(path):
        return _of_matrix(place, named[1])
    if named := _OUTPUT.fullmatch(path):
        jobs = {name.lower(): job for name, job in place.workflow.jobs.items()}
        job = jobs.get(named[1])
        output = _lower(job.get("outputs")).get(named[2]) if job else None
        if output:
            return possible(Place(place.files, place.workflow, job, place.depth + 1), output.text())
    return UNKNOWN


def _of_input(place: Place, name: str) -> Possible:
    """The options of a choice, and what the files that call this one give it."""
    events, parts = place.workflow.events, []
    if "workflow_dispatch" in events:
        given = _lower(events["workflow_dispatch"].get("inputs")).get(name)
        options = given.get("options") if given else None
        parts.append(Possible(tuple(options.texts())) if options else UNKNOWN)
    if "workflow_call" in events:
        declared = _lower(events["workflow_call"].get("inputs")).get(name)
        default = declared.text("default") if declared else ""
        calls = list(callers(place.files, place.workflow.file))
        for workflow, job in calls:
            given = _lower(job.get("with")).get(name)
            caller = Place(place.files, workflow, job, place.depth + 1)
            parts.append(possible(caller, given.text() if given else default))
        if not calls:
            parts.append(UNKNOWN)  # another repository's
    return _any(parts) if parts else UNKNOWN


def _of_matrix(place: Place, name: str) -> Possible:
    matrix = place.job.get("strategy", "matrix")
    if matrix is None or not matrix.mapping:
        return UNKNOWN
    include = matrix.get("include")
    nodes = [item.get(name) for item in include.items] if include else []
    own = matrix.get(name)
    given = [*(own.items if own and isinstance(own.value, list) else [own]), *nodes]
    parts = [possible(place, node.text()) for node in given if node]
    computed = [node for node in (own, include) if node and not isinstance(node.value, list)]
    return UNKNOWN if computed or not parts else _any(parts)


def _lower(node: WorkflowNode | None) -> dict[str, WorkflowNode]:
    return {name.lower(): value for name, value in (node.mapping if node else {}).items()}
