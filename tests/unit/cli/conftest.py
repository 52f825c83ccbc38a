"""Fixtures: the rehearsal's GitHub, bare and still."""

from tests.unit.rehearsal.standins.github.conftest import alone, remote  # noqa: F401
