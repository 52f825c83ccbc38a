"""A word that a person typed, as a value of the kind that stands where it goes."""

from aks_flow.manifests.yaml_edit.edits import apply
from aks_flow.manifests.yaml_edit.fields import the_one
from aks_flow.manifests.yaml_edit.nodes import Scalar, YamlNode
from aks_flow.manifests.yaml_edit.scalars import PlainWord, Value, editable, replace
from aks_flow.manifests.yaml_edit.source import YamlSource, read
from aks_flow.manifests.yaml_edit.spelling import OCTAL, ScalarKind, Spelling, spelling


def set_word(text: str, path: str, word: str, kind: ScalarKind | None = None, *, where: str) -> str:
    """As `set_scalar`, for a word that a person typed: it becomes a value of the kind that stands there.

    kind: what it is to become instead. EditError besides: the word is of another kind.
    """
    source = read(text, where)
    node = the_one(source, path)
    editable(source, node, path)
    value = _as_value(source, node, word, path) if kind is None else _as_kind(source, node, word, kind)
    return apply(source, replace(source, node, value, path))


def _as_value(source: YamlSource, node: YamlNode, word: str, path: str) -> Value:
    """The word as the kind of value that `node` is. EditError if it is of another kind, or could be."""
    if not isinstance(node, Scalar) or node.style:
        return word
    old, new = spelling(node.value), spelling(word)
    if word == node.value or _may_replace(old, new, word):
        return PlainWord(word)
    if old.kind is ScalarKind.TEXT or (old.kind is ScalarKind.NULL and new.kind is ScalarKind.TEXT):
        return word
    raise source.refuse(
        f"`{path}` is {old.what}, and `{word}` is {new.what}",
        node.line,
        f"Spell it as what stands there, or say what it is: {_choices(new)}.",
    )


def _as_kind(source: YamlSource, node: YamlNode, word: str, kind: ScalarKind) -> Value:
    """The word as a value of a given kind. EditError if it is none."""
    if kind is ScalarKind.TEXT:
        return word
    form = spelling(word)
    if form.kind is not kind:
        what = f"`{word}` is {form.what}, and not of the type {kind}"
        raise source.refuse(what, node.line, f"Write another value, or say {_choices(form)}.")
    return PlainWord(word or "null")


def _may_replace(old: Spelling, new: Spelling, word: str) -> bool:
    """Whether every reader who took the old one for a value of its kind does so with the new one."""
    if old is new:
        return old.kind is not ScalarKind.TEXT or not old.common
    is_misleading = old is OCTAL and word != "0"
    return old.kind is new.kind and old.kind is not ScalarKind.TEXT and new.common and not is_misleading


def _choices(form: Spelling) -> str:
    kinds = [form.kind, ScalarKind.TEXT] if form.kind is not ScalarKind.TEXT else [ScalarKind.TEXT]
    return " or ".join(f"--type {kind}" for kind in kinds)
