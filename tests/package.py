"""The package for Python processes that a test starts: they do not inherit this one's path."""

import os

from aks_flow.rehearsal.standins.process.processes import SOURCES

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCES)}
