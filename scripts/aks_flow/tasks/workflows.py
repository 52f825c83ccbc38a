"""Checks of the workflow files."""

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.cli.workflows")
audit = tasks_of("aks_flow.cli.workflows", development=True)


@audit
def check(c, json=False):
    """Check the workflow files: syntax, pins, permissions, and that the tasks they call exist."""


@task
def fidelity(c, json=False):
    """Show which lines of the workflow files a local run with act ignores."""
