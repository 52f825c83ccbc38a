"""GitHub's expressions: a text becomes a tree, and a tree a value as far as the given facts decide it.

https://docs.github.com/actions/reference/workflows-and-actions/expressions
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

_TOKEN = re.compile(
    r"\s*(?:('(?:[^']|'')*')|(-?(?:0x[\da-f]+|\d[\w.+-]*))|([a-z_][\w-]*)|(\|\||&&|[=!<>]=|.))", re.I
)
_WORDS = {"true": True, "false": False, "null": None}
_COMPARE = ("==", "!=", "<", "<=", ">", ">=")
_LOOSEST_FIRST = (("||",), ("&&",), _COMPARE)


@dataclass(frozen=True)
class UnknownValue:
    """A value that only the run knows. truth: whether a condition takes it for true, if that is known."""

    truth: bool | None = None


Value = str | float | bool | None | object
Facts = Mapping[str, Value]  # a reference, as `github.event_name`, in lower case -> its value


@dataclass(frozen=True)
class Literal:
    value: Value


@dataclass(frozen=True)
class Reference:
    """path: `github.event_name`, in lower case; an index that is no text stands there as `*`."""

    path: str


@dataclass(frozen=True)
class OperatorNode:
    """name: an operator, or a function's name in lower case followed by `()`."""

    name: str
    operands: "tuple[Expression, ...]"


Expression = Literal | Reference | OperatorNode


def parse(text: str) -> Expression | None:
    """The tree of an expression without its braces; None if it is none."""
    try:
        reader = _Reader([_kind(match) for match in _TOKEN.finditer(text.strip())])
        tree = reader.binary()
    except (ValueError, IndexError, RecursionError):
        return None
    return tree if not reader.tokens else None


def bare(condition: str) -> str:
    """What an `if:` evaluates: its text without the braces that may surround it; "" if more does."""
    text = condition.strip()
    if text.startswith("${{") and text.endswith("}}"):
        text = text[3:-2]
    return "" if "${{" in text else text.strip()


def calls(tree: Expression) -> set[str]:
    """The names of the functions in it."""
    if not isinstance(tree, OperatorNode):
        return set()
    own = {tree.name[:-2]} if tree.name.endswith("()") else set()
    return own.union(*map(calls, tree.operands))


def value(tree: Expression, facts: Facts) -> Value:
    """What it gives, or `UnknownValue`."""
    if isinstance(tree, Literal):
        return tree.value
    if isinstance(tree, Reference):
        return facts.get(tree.path, UnknownValue())
    if tree.name in ("||", "&&"):
        return _chain(tree, facts)
    values = [value(operand, facts) for operand in tree.operands]
    if tree.name == "!":
        truth = truth_of(values[0])
        return UnknownValue() if truth is None else not truth
    return _compared(tree.name, values)


def truth_of(result: Value) -> bool | None:
    """Whether a condition takes a value for true; None if only the run knows."""
    return result.truth if isinstance(result, UnknownValue) else result not in (None, False, 0, "")


def contradictions(tree: Expression, operator: str) -> bool:
    """True if it asks one value to differ from one of two (`||`), or to be two at once (`&&`)."""
    if not isinstance(tree, OperatorNode):
        return False
    return (tree.name == operator and _contrary(tree)) or any(
        contradictions(operand, operator) for operand in tree.operands
    )


def _chain(tree: OperatorNode, facts: Facts) -> Value:
    """`||` gives its first true operand and `&&` its first false one, else the last."""
    decides = tree.name == "||"
    if _contrary(tree):
        return decides
    open_before = False
    for operand in tree.operands:
        result = value(operand, facts)
        truth = truth_of(result)
        if truth is decides:
            return UnknownValue(decides) if open_before else result
        open_before |= truth is None
    return UnknownValue() if open_before else result


def _contrary(tree: OperatorNode) -> bool:
    """Two of its operands compare one reference with texts so that one of them always decides."""
    decides = "!=" if tree.name == "||" else "=="
    comparisons = [known for operand in tree.operands if (known := _comparison(operand))]
    return any(
        path == other_path
        and ((sign == other == decides and text != other_text) or (sign != other and text == other_text))
        for (path, sign, text), (other_path, other, other_text) in combinations(comparisons, 2)
    )


def _comparison(tree: Expression) -> tuple[str, str, str] | None:
    """(reference, `==` or `!=`, text in lower case); None for anything else."""
    if not isinstance(tree, OperatorNode) or tree.name not in ("==", "!="):
        return None
    reference, text = sorted(tree.operands, key=lambda side: isinstance(side, Literal))
    if not (isinstance(reference, Reference) and isinstance(text, Literal) and isinstance(text.value, str)):
        return None
    return None if "*" in reference.path else (reference.path, tree.name, text.value.lower())


def _compared(name: str, values: Sequence[Value]) -> Value:
    """Of what cannot be told here, among it everything that compares different types, `UnknownValue`."""
    if any(isinstance(given, UnknownValue) for given in values) or len({type(given) for given in values}) > 1:
        return UnknownValue()
    folded = [given.lower() if isinstance(given, str) else given for given in values]
    if name in ("==", "!="):
        return (folded[0] == folded[1]) is (name == "==")
    if len(values) == 2 and isinstance(values[0], str):
        whole, part = folded
        if name == "contains()":
            return part in whole
        if name in ("startswith()", "endswith()"):
            return whole.startswith(part) if name == "startswith()" else whole.endswith(part)
    return UnknownValue()


def _kind(match: re.Match) -> tuple[str, str]:
    """(kind, text) of a token: text, number, name or sign."""
    for kind, token in zip(("text", "number", "name", "sign"), match.groups(), strict=True):
        if token is not None:
            return kind, token
    raise ValueError(match)


@dataclass
class _Reader:
    """Takes the tokens one by one; ValueError or IndexError where they are no expression."""

    tokens: list[tuple[str, str]]

    def binary(self, level: int = 0) -> Expression:
        """Operands of the loosest operators first; a chain of one operator is one operation."""
        if level == len(_LOOSEST_FIRST):
            return self._unary()
        operands, name = [self.binary(level + 1)], ""
        while self.tokens and self.tokens[0] in [("sign", sign) for sign in _LOOSEST_FIRST[level]]:
            sign = self.tokens.pop(0)[1]
            if level == len(_LOOSEST_FIRST) - 1 and name:
                operands = [OperatorNode(name, tuple(operands))]
            name = sign
            operands.append(self.binary(level + 1))
        return OperatorNode(name, tuple(operands)) if name else operands[0]

    def _unary(self) -> Expression:
        if self._takes("!"):
            return OperatorNode("!", (self._unary(),))
        if self._takes("("):
            inner = self.binary()
            self._expect(")")
            return self._path(inner)
        kind, token = self.tokens.pop(0)
        if kind == "text":
            return Literal(token[1:-1].replace("''", "'"))
        if kind == "number":
            return Literal(float(int(token, 16)) if "x" in token.lower() else float(token))
        if kind != "name":
            raise ValueError(token)
        return self._name(token.lower())

    def _name(self, name: str) -> Expression:
        if self._takes("("):
            return self._path(OperatorNode(f"{name}()", tuple(self._arguments())))
        return Literal(_WORDS[name]) if name in _WORDS else self._path(Reference(name))

    def _arguments(self) -> Iterator[Expression]:
        if self._takes(")"):
            return
        yield self.binary()
        while self._takes(","):
            yield self.binary()
        self._expect(")")

    def _path(self, start: Expression) -> Expression:
        """A name with its properties; of a value that is computed, only that it has some."""
        path, deeper = start.path if isinstance(start, Reference) else "*", False
        while part := self._part():
            path, deeper = f"{path}.{part}", True
        return Reference(path) if deeper else start

    def _part(self) -> str:
        if self._takes("."):
            kind, token = self.tokens.pop(0)
            if kind != "name" and token != "*":
                raise ValueError(token)
            return token.lower()
        if self._takes("["):
            star = self._takes("*")
            index = None if star else self.binary()
            self._expect("]")
            return str(index.value).lower() if isinstance(index, Literal) else "*"
        return ""

    def _takes(self, sign: str) -> bool:
        if self.tokens[:1] == [("sign", sign)]:
            del self.tokens[0]
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise ValueError(sign)
