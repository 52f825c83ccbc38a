"""Previews: an environment for each pull request."""

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.cli.preview")

NUMBER = {"number": "the pull request's"}
PULL = {"pull": "by the GitOps branch and Argo CD, not by kubectl"}


@task(help={**NUMBER, **PULL})
def up(c, number, pull=False, json=False):
    """Deliver what is checked out to the preview of its pull request: an environment of its own."""


@task(help={**NUMBER, **PULL})
def down(c, number, pull=False, json=False):
    """Remove a pull request's preview, with its namespace and all that is in it."""


@task(help=PULL)
def clean(c, pull=False, json=False):
    """Remove the previews of closed pull requests, and those that are older than previews.hours."""
