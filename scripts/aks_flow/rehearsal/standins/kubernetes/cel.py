"""A part of the Common Expression Language: fields, maps, lists, comparisons, `in`, `has()`, `&&`, `||`, `!`.

CEL's operators are read as Python's that bind as tightly, and the rest is the syntax that both have.
https://github.com/google/cel-spec/blob/master/doc/langdef.md
"""

import ast
import operator
import re
from collections.abc import Mapping

_TOKEN = re.compile(r"""'[^'\\]*'|"[^"\\]*"|&&|\|\||!(?!=)""")
_AS_PYTHON = {"&&": " and ", "||": " or ", "!": "~"}
_CONSTANTS = {"true": True, "false": False, "null": None}
_COMPARED = {
    **{ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le},
    **{ast.Gt: operator.gt, ast.GtE: operator.ge, ast.In: lambda one, many: one in many},
}


class UnknownExpression(ValueError):
    """It is no CEL, or of the part that is not read here."""


class EvaluationError(ValueError):
    """What a server says of an expression that has no value, such as `no such key: labels`."""


def evaluate(expression: str, variables: Mapping[str, object]) -> object:
    """The value of an expression; UnknownExpression, or EvaluationError."""
    try:
        return _value(_parsed(expression), variables)
    except TypeError as error:
        raise EvaluationError("no such overload") from error


def check(expression: str) -> None:
    """UnknownExpression if it cannot be evaluated whatever its variables are."""
    for node in ast.walk(_parsed(expression)):
        _known(node)


def _parsed(expression: str) -> ast.expr:
    text = _TOKEN.sub(lambda token: _AS_PYTHON.get(token[0], token[0]), expression)
    try:
        return ast.parse(text.strip().replace("\n", " "), mode="eval").body
    except SyntaxError as error:
        raise UnknownExpression(expression) from error


def _known(node: ast.AST) -> None:
    if isinstance(node, ast.expr) and not (type(node) in _VALUES and _is_read(node)):
        raise UnknownExpression(ast.unparse(node))


def _is_read(node: ast.expr) -> bool:
    """Of Python's forms that are read at all, those that CEL has too."""
    if isinstance(node, ast.Call):
        is_has = isinstance(node.func, ast.Name) and node.func.id == "has"
        return is_has and not node.keywords and [type(given) for given in node.args] == [ast.Attribute]
    if isinstance(node, ast.Compare):
        return len(node.ops) == 1 and type(node.ops[0]) in _COMPARED
    return not isinstance(node, ast.UnaryOp) or isinstance(node.op, ast.Invert)


def _value(node: ast.expr, variables: Mapping[str, object]) -> object:
    _known(node)
    return _VALUES[type(node)](node, variables)


def _has(node: ast.Call, variables: Mapping[str, object]) -> bool:
    field = node.args[0]
    return field.attr in _value(field.value, variables)


def _compared(node: ast.Compare, variables: Mapping[str, object]) -> bool:
    one, other = _value(node.left, variables), _value(node.comparators[0], variables)
    return _COMPARED[type(node.ops[0])](one, other)


def _named(node: ast.Name, variables: Mapping[str, object]) -> object:
    values = {**_CONSTANTS, **variables}
    if node.id not in values:
        raise EvaluationError(f"undeclared reference to '{node.id}' (in container '')")
    return values[node.id]


def _field(node: ast.Attribute, variables: Mapping[str, object]) -> object:
    return _entry(_value(node.value, variables), node.attr)


def _indexed(node: ast.Subscript, variables: Mapping[str, object]) -> object:
    return _entry(_value(node.value, variables), _value(node.slice, variables))


def _entry(values: object, key: object) -> object:
    try:
        return values[key]
    except (KeyError, IndexError, TypeError) as error:
        raise EvaluationError(f"no such key: {key}") from error


def _listed(node: ast.List, variables: Mapping[str, object]) -> list:
    return [_value(element, variables) for element in node.elts]


def _negated(node: ast.UnaryOp, variables: Mapping[str, object]) -> bool:
    return not _value(node.operand, variables)


def _combined(node: ast.BoolOp, variables: Mapping[str, object]) -> bool:
    decide = any if isinstance(node.op, ast.Or) else all
    return decide(_value(operand, variables) for operand in node.values)


_VALUES = {
    ast.Call: _has,
    ast.Compare: _compared,
    ast.Constant: lambda node, variables: node.value,
    ast.Name: _named,
    ast.Attribute: _field,
    ast.Subscript: _indexed,
    ast.List: _listed,
    ast.UnaryOp: _negated,
    ast.BoolOp: _combined,
}
