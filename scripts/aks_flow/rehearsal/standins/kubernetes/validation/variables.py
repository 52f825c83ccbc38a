"""A container's environment."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation.causes import invalid
from aks_flow.rehearsal.standins.kubernetes.validation.checks import matches, named
from aks_flow.rehearsal.standins.kubernetes.validation.references import (
    VARIABLE_FIELDS,
    field_reference,
    resource_reference,
)

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")


def variables(path: str, container: dict) -> Iterator[Cause]:
    for index, variable in enumerate(container.get("env") or ()):
        at = f"{path}.env[{index}]"
        yield from named(f"{at}.name", variable.get("name"), grammar.variable)
        if variable.get("valueFrom") is not None:
            yield from _source(f"{at}.valueFrom", variable)
    for index, source in enumerate(container.get("envFrom") or ()):
        yield from _bulk(f"{path}.envFrom", index, source)


def _source(path: str, variable: dict) -> Iterator[Cause]:
    source = variable["valueFrom"]
    chosen = [name for name in _SOURCES if source.get(name) is not None]
    if variable.get("value"):
        yield invalid(path, "", "may not be specified when `value` is not empty")
    if not chosen:
        choices = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        yield invalid(path, "", f"must specify one of: {choices}")
    if len(chosen) > 1:
        yield invalid(path, "", "may not have more than one field specified at a time")
    for name in chosen:
        yield from _reference(f"{path}.{name}", name, source[name])


def _reference(path: str, name: str, reference: dict) -> Iterator[Cause]:
    if name == "fieldRef":
        yield from field_reference(path, reference, VARIABLE_FIELDS)
    elif name == "resourceFieldRef":
        yield from resource_reference(path, reference, in_file=False)
    elif name in ("configMapKeyRef", "secretKeyRef"):
        yield from named(f"{path}.name", reference.get("name"), grammar.subdomain)
        yield from named(f"{path}.key", reference.get("key"), grammar.config_key)


def _bulk(path: str, index: int, source: dict) -> Iterator[Cause]:
    """A wrong choice is told of the whole list."""
    if source.get("prefix"):
        yield from matches(f"{path}[{index}].prefix", source["prefix"], grammar.variable)
    chosen = [name for name in ("configMapRef", "secretRef") if source.get(name) is not None]
    if not chosen:
        yield invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
    if len(chosen) > 1:
        yield invalid(path, "", "may not have more than one field specified at a time")
    for name in chosen:
        yield from named(f"{path}[{index}].{name}.name", source[name].get("name"), grammar.subdomain)
