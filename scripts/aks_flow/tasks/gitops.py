"""Deliver by pull: build, publish, commit, and Argo CD applies."""

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.cli.gitops")


@task
def init(c, json=False):
    """Make the branch that Argo CD reads, and the Argo CD objects."""


@task(
    help={
        "version": "default: the newest that it admits",
        "digest": "of the version, which must be of the commit checked out; default: the registry's",
    }
)
def deliver(c, env, version="", digest="", json=False):
    """Write a version, by default the newest admitted one, into the branch that Argo CD reads."""


@task(help={"revision": "default: the newest that changed it", "undo": "take a bad commit back, and hold"})
def wait(c, env, revision="", undo=False, json=False):
    """Wait until a commit of the branch is synced, runs and is healthy."""


@task(help={"revision": "default: the newest that changed it"})
def sync(c, env, revision="", json=False):
    """Start the sync of a commit, of exactly that, where Argo CD does not start it by itself."""


@task(help={"source": "from here", "target": "to there", "pr": "open a pull request"})
def promote(c, source, target, pr=False, json=False):
    """Deliver what one environment runs to another: the same digest and manifests."""


@task(
    help={"version": "that you agree to", "reason": "what speaks for it"},
    example="production 1.5.0 --reason='tested by hand'",
)
def approve(c, env, version, reason, json=False):
    """Write down that you agree to a version, where an environment asks for people."""


@task(
    help={"reason": "what the hold says; default: that the version was undone"},
    example="production --reason='it leaks memory'",
)
def undo(c, env, reason="", json=False):
    """Go back to the previous version and hold it there."""


@task
def release_hold(c, env, json=False):
    """Let automatic deliveries write an environment again."""


@task
def status(c, json=False):
    """Show what each environment should run, has and runs."""


@task
def drift(c):
    """Check that every environment is as its branch says, and that no hold was forgotten."""
