"""Which nodes and which other pods a pod wants to be with, or not."""

from collections.abc import Callable, Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required

_REQUIRED, _PREFERRED = (f"{how}DuringSchedulingIgnoredDuringExecution" for how in ("required", "preferred"))
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")


def affinity(path: str, given: dict) -> Iterator[Cause]:
    yield from _nodes(f"{path}.nodeAffinity", given.get("nodeAffinity") or {})
    for name in ("podAffinity", "podAntiAffinity"):
        yield from _pods(f"{path}.{name}", given.get(name) or {})


def _nodes(path: str, given: dict) -> Iterator[Cause]:
    if given.get(_REQUIRED) is not None:
        at, terms = f"{path}.{_REQUIRED}.nodeSelectorTerms", given[_REQUIRED].get("nodeSelectorTerms") or []
        if not terms:
            yield required(at, "must have at least one node selector term")
        for index, term in enumerate(terms):
            yield from _term(f"{at}[{index}]", term)
    yield from _preferred(path, given, "preference", _term)


def _term(path: str, term: dict) -> Iterator[Cause]:
    for index, expression in enumerate(term.get("matchExpressions") or ()):
        at, operator = f"{path}.matchExpressions[{index}]", expression.get("operator") or ""
        if operator in ("In", "NotIn") and not expression.get("values"):
            yield required(f"{at}.values", "must be specified when `operator` is 'In' or 'NotIn'")
        if operator in ("Exists", "DoesNotExist") and expression.get("values"):
            text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            yield forbidden(f"{at}.values", text)
        if operator in ("Gt", "Lt") and len(expression.get("values") or ()) != 1:
            yield required(f"{at}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
        if operator not in _OPERATORS:
            yield invalid(f"{at}.operator", operator, "not a valid selector operator")
        yield from checks.matches(f"{at}.key", expression.get("key") or "", grammar.qualified_name)


def _pods(path: str, given: dict) -> Iterator[Cause]:
    for index, term in enumerate(given.get(_REQUIRED) or ()):
        yield from _others(f"{path}.{_REQUIRED}[{index}]", term)
    yield from _preferred(path, given, "podAffinityTerm", _others)


def _preferred(path: str, given: dict, field: str, check: Callable) -> Iterator[Cause]:
    """What is preferred, each with its weight. field: where it stands; check: as of a required one."""
    for index, preferred in enumerate(given.get(_PREFERRED) or ()):
        at, weight = f"{path}.{_PREFERRED}[{index}]", preferred.get("weight") or 0
        if not 1 <= weight <= 100:
            yield invalid(f"{at}.weight", weight, "must be in the range 1-100")
        yield from check(f"{at}.{field}", preferred.get(field) or {})


def _others(path: str, term: dict) -> Iterator[Cause]:
    if not term.get("topologyKey"):
        yield required(f"{path}.topologyKey", "can not be empty")
    else:
        yield from checks.matches(f"{path}.topologyKey", term["topologyKey"], grammar.qualified_name)
    for namespace in term.get("namespaces") or ():
        yield from checks.matches(f"{path}.namespace", namespace, grammar.label)
    yield from checks.selector(f"{path}.labelSelector", term.get("labelSelector") or {})
