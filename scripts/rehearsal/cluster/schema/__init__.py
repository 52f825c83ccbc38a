"""The fields of the built-in kinds: strict reading, and schemas for OpenAPI."""

from scripts.rehearsal.cluster.schema.openapi import openapi_components, openapi_name
from scripts.rehearsal.cluster.schema.strict import strict, undeclared

__all__ = ["openapi_components", "openapi_name", "strict", "undeclared"]
