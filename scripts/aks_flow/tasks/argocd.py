"""Argo CD itself, and the objects that it reads."""

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.cli.argocd")


@task(
    help={
        "file": "the manifest; default: from Argo CD's own address",
        "digest": "sha256:… that it must have; default: it is shown, and nothing is installed",
    }
)
def install(c, file="", digest=""):
    """Install the pinned Argo CD on the target's cluster."""


@task(help={"credentials": "a deploy key or token for the repository, on standard input"})
def apply(c, credentials=False, json=False):
    """Apply the AppProject and the Applications to the cluster."""
