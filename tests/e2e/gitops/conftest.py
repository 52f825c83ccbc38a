"""Real git against local bare repositories; no cluster and no engine."""

from tests.unit.gitops.conftest import bare_world, programs, templates, world

__all__ = ["bare_world", "programs", "templates", "world"]
