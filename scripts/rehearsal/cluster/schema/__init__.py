"""The fields of the built-in kinds: strict reading, and schemas for OpenAPI."""

from scripts.rehearsal.cluster.kinds import Kind
from scripts.rehearsal.cluster.schema import models
from scripts.rehearsal.cluster.schema import zero as _zero
from scripts.rehearsal.cluster.schema.openapi import openapi_components, openapi_name
from scripts.rehearsal.cluster.schema.strict import strict, undeclared

__all__ = ["openapi_components", "openapi_name", "strict", "undeclared", "zero"]


def zero(kind: Kind) -> dict:
    """A new object of a kind before anything is set in it; {} for a custom one."""
    return {} if kind.is_custom else _zero.zero(models.model_name(kind))
