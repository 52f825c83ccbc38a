"""A container's environment."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.objects.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import grammar
from aks_flow.rehearsal.standins.kubernetes.validation.causes import invalid
from aks_flow.rehearsal.standins.kubernetes.validation.checks import named, need

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_FIELDS = frozenset(("metadata.name", "metadata.namespace", "metadata.uid"))
_FIELDS |= {"spec.nodeName", "spec.serviceAccountName"}
_FIELDS |= {"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"}


def variables(path: str, container: dict) -> Iterator[Cause]:
    for index, variable in enumerate(container.get("env") or ()):
        at = f"{path}.env[{index}]"
        yield from named(f"{at}.name", variable.get("name"), grammar.variable)
        if variable.get("valueFrom") is not None:
            yield from _source(f"{at}.valueFrom", variable)
    for index, source in enumerate(container.get("envFrom") or ()):
        yield from _bulk(f"{path}.envFrom[{index}]", source)


def _source(path: str, variable: dict) -> Iterator[Cause]:
    source = variable["valueFrom"]
    chosen = [name for name in _SOURCES if source.get(name)]
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
        yield from need(path, reference, "fieldPath")
        field = reference.get("fieldPath", "")
        if (
            field
            and not field.startswith(("metadata.labels", "metadata.annotations"))
            and field not in _FIELDS
        ):
            text = f"error converting fieldPath: field label not supported: {field}"
            yield invalid(f"{path}.fieldPath", field, text)
    elif name == "resourceFieldRef":
        yield from need(path, reference, "resource")
    elif name in ("configMapKeyRef", "secretKeyRef"):
        yield from need(path, reference, "name", "key")


def _bulk(path: str, source: dict) -> Iterator[Cause]:
    chosen = [name for name in ("configMapRef", "secretRef") if source.get(name) is not None]
    if not chosen:
        yield invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
    if len(chosen) > 1:
        yield invalid(path, "", "may not have more than one field specified at a time")
    for name in chosen:
        yield from need(f"{path}.{name}", source[name], "name")
