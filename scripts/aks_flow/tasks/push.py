"""Deliver by push: build, publish, apply with kubectl."""

from aks_flow.cli.declare import FIRST, tasks_of

task = tasks_of("aks_flow.cli.push")

PUBLISHED = {
    "version": "as published by `image.push`; default: the commit's own, which is built",
    "digest": "of the version, which must have it in the registry; default: the registry's",
}


@task
def plan(c, env=FIRST, dirty=False, json=False):
    """Show what a push would change; build and change nothing."""


@task(default=True, help=PUBLISHED)
def run(c, env=FIRST, version="", digest="", dirty=False, undo=True, strategy="rolling", json=False):
    """Build, publish and deploy with kubectl; wait until the new version answers, or go back."""


@task(help={**PUBLISHED, "version": "a version that the registry holds"})
def deploy(c, version, env=FIRST, digest="", undo=True, strategy="rolling", json=False):
    """Deploy a version that is already in the registry; build nothing."""


@task
def promote(c, env=FIRST, json=False):
    """Deliver the version that waits beside the old one to all of an environment."""


@task
def reject(c, env=FIRST, json=False):
    """Remove the version that waits beside the old one."""


@task(help={"to": "a revision's number; default: the good one before"}, example="staging --to=4")
def undo(c, env=FIRST, to="", json=False):
    """Go back to an earlier revision, ConfigMaps included, and wait until it answers."""


@task
def history(c, env=FIRST, json=False):
    """Show what was delivered with kubectl: when, by whom, which image, and what came of it."""


@task
def drift(c):
    """Check that every environment is as it was delivered with kubectl, and that no lock was forgotten."""


@task(
    help={"reason": "it is shown to everybody who has to wait; default: none, which is refused"},
    example="production --reason='looking into an outage'",
)
def lock(c, env=FIRST, reason=""):
    """Lock an environment: no delivery with kubectl until push.unlock."""


@task
def unlock(c, env=FIRST):
    """Remove an environment's lock, and say whose it was."""
