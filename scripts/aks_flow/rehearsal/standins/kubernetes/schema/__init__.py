"""The fields of the built-in kinds: strict reading, and schemas for OpenAPI."""

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.schema import models, zero_value
from aks_flow.rehearsal.standins.kubernetes.schema.openapi import openapi_components, openapi_name
from aks_flow.rehearsal.standins.kubernetes.schema.strict import strict, undeclared

__all__ = ["openapi_components", "openapi_name", "strict", "undeclared", "zero"]


def zero(kind: Kind) -> dict:
    """A new object of a kind before anything is set in it; {} for a custom one."""
    return {} if kind.is_custom else zero_value.zero(models.model_name(kind))
