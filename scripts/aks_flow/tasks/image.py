"""Images: built, published, copied."""

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.cli.image")


@task
def build(c, dirty=False, json=False):
    """Build the app's image into the engine, unless the registry has its tree's."""


@task(help={"remote": "build in the registry, not with the engine here (Azure)"})
def push(c, dirty=False, json=False, remote=False):
    """Build and publish the app's image, and give its version and digest."""


@task
def mirror(c):
    """Bring the third-party images to the target's registry."""
