"""Every error says what to do now: no place in the package makes one without a next step."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
ROOT_ERROR = "AksFlowError"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def trees() -> dict[str, ast.Module]:
    files = sorted(SCRIPTS.rglob("*.py"))
    return {module_name(file): ast.parse(file.read_text()) for file in files}


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(SCRIPTS).with_suffix("").parts).removesuffix(".__init__")


def names(module: str, tree: ast.Module) -> dict[str, str]:
    """The module's own classes and what it imports: name -> ``module.name``."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            source = node.module or ""
            known |= {alias.name: f"{source}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ClassDef):
            known[node.name] = f"{module}.{node.name}"
    return known


@cache
def errors() -> Mapping[str, ast.ClassDef]:
    """The error root and every class that comes of it, by ``module.name``."""
    every = {
        f"{module}.{node.name}": (node, names(module, tree))
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    family = {name: node for name, (node, _) in every.items() if node.name == ROOT_ERROR}
    grows = True
    while grows:
        more = {
            name: node
            for name, (node, known) in every.items()
            if name not in family and any(known.get(getattr(base, "id", "")) in family for base in node.bases)
        }
        family, grows = family | more, bool(more)
    return family


def writes_its_own(name: str) -> bool:
    """Whether the class makes its next step itself, in an ``__init__`` of its own."""
    node = errors()[name]
    own = any(isinstance(item, FUNCTIONS) and item.name == "__init__" for item in node.body)
    return own and node.name != ROOT_ERROR


def is_made(call: ast.Call, known: Mapping[str, str]) -> bool:
    """Whether the call makes an error whose next step must be given with it."""
    if isinstance(call.func, ast.Attribute):
        return any(name.endswith(f".{call.func.attr}") and not writes_its_own(name) for name in errors())
    name = known.get(getattr(call.func, "id", ""))
    return name in errors() and not writes_its_own(name)


def made_by_a_subclass(tree: ast.Module, known: Mapping[str, str]) -> set[ast.Call]:
    """What the errors' own ``__init__`` hand on to the class that they extend."""
    return {
        call
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(known.get(getattr(base, "id", "")) in errors() for base in node.bases)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__"
    }


def is_empty(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and not value.value)


def has_none(call: ast.Call) -> bool:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    return is_empty(given.get("next_step"))


def is_none_by_default(rules: ast.arguments) -> bool:
    return any(name == "next_step" and is_empty(value) for name, value in defaults(rules))


def defaults(rules: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [*rules.posonlyargs, *rules.args]
    for argument, value in zip(reversed(positional), reversed(rules.defaults), strict=False):
        yield argument.arg, value
    for argument, value in zip(rules.kwonlyargs, rules.kw_defaults, strict=True):
        if value:
            yield argument.arg, value


def without_a_step(module: str, tree: ast.Module) -> list[str]:
    """``module:line`` of the errors without a next step, and of functions with an empty one by default."""
    known = names(module, tree)
    handed_on = made_by_a_subclass(tree, known)
    made = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    lines = [call.lineno for call in made if (call in handed_on or is_made(call, known)) and has_none(call)]
    functions = (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))
    lines += [function.lineno for function in functions if is_none_by_default(function.args)]
    return [f"{module}:{line}" for line in lines]


def test_the_errors_of_the_package_are_found():
    known = {name.rpartition(".")[2] for name in errors()}
    assert {ROOT_ERROR, "ConfigError", "RegistryError", "BadVerdict", "CommandFailed"} <= known


def test_no_error_is_made_without_a_next_step():
    assert [place for module, tree in trees().items() for place in without_a_step(module, tree)] == []


@pytest.mark.parametrize(
    "text",
    [
        "raise AksFlowError('it failed')",
        "raise errors.AksFlowError('it failed', where='here')",
        "raise AksFlowError('it failed', next_step='')",
        "def fail():\n    return AksFlowError('it failed')",
        "class Own(AksFlowError):\n    def __init__(self):\n        super().__init__('it failed')",
        "def fail(what, next_step=''): ...",
        "def fail(what, *, next_step: str = ''): ...",
    ],
)
def test_an_error_without_a_next_step_would_be_found(text):
    module = next(name for name in errors() if name.endswith(f".{ROOT_ERROR}")).rpartition(".")[0]
    tree = ast.parse(f"from {module} import {ROOT_ERROR}\n{text}")
    assert without_a_step("new", tree)
