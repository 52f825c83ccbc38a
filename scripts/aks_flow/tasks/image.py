"""Images: built, published, copied."""

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.cli.image")


@task
def build(c, dirty=False, json=False):
    """Build the app's image with the Docker engine, unless the registry has one of the same tree."""


@task(help={"remote": "build in the registry, not with the engine here (Azure)"})
def push(c, dirty=False, json=False, remote=False):
    """Build and publish the app's image, and show its version and digest."""


@task
def mirror(c):
    """Copy the third-party images to the target's registry."""
