"""ValidatingAdmissionPolicies and their bindings: what a server refuses, and what is not understood here."""

from collections.abc import Iterator, Mapping

from aks_flow.rehearsal.standins.kubernetes import cel
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required

_POLICY = ("failurePolicy", "matchConstraints", "validations")
_CONSTRAINTS = ("matchPolicy", "resourceRules")
_RULE = ("apiGroups", "apiVersions", "operations", "resources", "resourceNames", "scope")
_VALIDATION = ("expression", "message", "reason")
_BINDING = ("policyName", "validationActions")
_NOT_HERE = "the rehearsal cluster does not act on it"


def policy(item: dict) -> Iterator[Cause]:
    """A policy that would be kept and not act as a server's does is refused."""
    spec = item.get("spec") or {}
    constraints = spec.get("matchConstraints") or {}
    yield from _known("spec", spec, *_POLICY)
    yield from _known("spec.matchConstraints", constraints, *_CONSTRAINTS)
    if not constraints.get("resourceRules"):
        yield required("spec.matchConstraints.resourceRules")
    if not spec.get("validations"):
        yield required("spec.validations", "validations or auditAnnotations must contain at least one item")
    for index, rule in enumerate(constraints.get("resourceRules") or ()):
        yield from _rule(f"spec.matchConstraints.resourceRules[{index}]", rule)
    for index, validation in enumerate(spec.get("validations") or ()):
        yield from _validation(f"spec.validations[{index}]", validation)


def binding(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    yield from _known("spec", spec, *_BINDING)
    yield from checks.need("spec", spec, "policyName", "validationActions")
    for index, action in enumerate(spec.get("validationActions") or ()):
        yield from checks.one_of(f"spec.validationActions[{index}]", action, "Audit", "Deny", "Warn")


def _rule(path: str, rule: Mapping) -> Iterator[Cause]:
    yield from _known(path, rule, *_RULE)
    yield from checks.need(path, rule, "apiGroups", "apiVersions", "operations", "resources")
    for operation in rule.get("operations") or ():
        if operation not in ("CREATE", "UPDATE"):
            yield forbidden(f"{path}.operations", f"{operation}: {_NOT_HERE}")


def _validation(path: str, validation: Mapping) -> Iterator[Cause]:
    yield from _known(path, validation, *_VALIDATION)
    expression = validation.get("expression", "").strip()
    if not expression:
        yield required(f"{path}.expression", "expression is not specified")
        return
    try:
        cel.check(expression)
    except cel.UnknownExpression as error:
        yield invalid(f"{path}.expression", expression, f"compilation failed: {_NOT_HERE}: {error}")


def _known(path: str, item: Mapping, *fields: str) -> Iterator[Cause]:
    for field in sorted(item.keys() - set(fields)):
        if item[field] not in ({}, []):
            yield forbidden(f"{path}.{field}", _NOT_HERE)
