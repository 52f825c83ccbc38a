"""Manifests: edited byte for byte, read, checked."""

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.cli.manifests")
checking = tasks_of("aks_flow.cli.manifest_check")

FILES = {"files": "a path or a quoted pattern"}


@task(
    help={
        **FILES,
        "path": "spec.template.spec.containers[name=api].image, …",
        "value": "the new one",
        "type": "text, integer, number, boolean or null; default: that of the old one",
    },
    example="'spec.template.spec.containers[name=api].image' shop/api:1.5.0 deploy/api.yaml",
)
def set(c, path, value, files, type="", json=False):
    """Change one value in YAML files; every other byte stays as it is."""


@task(
    help={**FILES, "path": "as for manifests.set"},
    example="spec.replicas deploy/api.yaml",
)
def get(c, path, files, json=False):
    """Show the values at a path, with file and line."""


@task(help=FILES)
def images(c, files, json=False):
    """Show every image that YAML files mention."""


@checking
def check(c, json=False):
    """Check that each environment's objects agree with each other, and how hardened they are."""
