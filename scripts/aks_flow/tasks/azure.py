"""What the target `azure` needs in a subscription: made, changed, removed, signed in to."""

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.cli.azure.resources")
sign_in = tasks_of("aks_flow.cli.azure.sign_in")
identity = tasks_of("aks_flow.cli.azure.identity")


@task
def plan(c, json=False):
    """Show every az command that azure.up would run; change nothing."""


@task
def up(c, json=False):
    """Make in Azure what invoke.yaml describes, or what is missing of it."""


@task
def down(c):
    """Remove the resource group that azure.up made, with all that is in it."""


@task
def status(c, json=False):
    """Show what there is in Azure, what is missing and what is incomplete."""


@sign_in(
    help={
        "only": "registry or cluster; default: both",
        "env": "an environment with a target of its own; default: `target` of invoke.yaml",
    }
)
def login(c, only="", env=None):
    """Sign in to Azure, its registry and its cluster: a job by its OIDC token, a person in a browser."""


@sign_in
def logout(c):
    """Remove the run's own sign-ins to Azure, registry and cluster."""


@identity
def admit(c):
    """Make the environments' namespaces, and let each identity deliver into its own."""


@identity(help={"apply": "set what is missing; without it, only show it"})
def github(c, apply=False):
    """Show or set the repository's variables, environments and rules on GitHub."""


@identity(
    help={
        "file": "the identities, in YAML; default: as configured",
        "live": "those in Azure; else as configured",
    }
)
def check_identity(c, file="", live=False, json=False):
    """Compare the subjects of the workflows' jobs with the identities that trust them."""
