"""The package behind the tasks; docs/architecture.md says what passes between its modules."""

from importlib import import_module

__version__ = "0.1.0"


def collection():
    """All tasks as an Invoke Collection, for a project's tasks.py: ``namespace = collection()``."""
    # Found when it is asked for: ./inv imports this package before there is an environment with Invoke.
    return import_module("aks_flow.tasks").collection()
