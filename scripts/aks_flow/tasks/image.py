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
def builder(c):
    """Have docker build by BuildKit: attestations, several platforms; where it has buildx."""


@task(help={"env": "whose registry; default: where images are published"})
def mirror(c, env=None):
    """Copy the third-party images to the target's registry."""


@task(help={"version": "one that is published"})
def copy(c, version, env):
    """Copy a version, by digest, to the registry of an environment that has another one."""


@task
def drift(c):
    """Check that pinned third-party images still are what their tags mean; show what to pin others to."""
