"""The tasks that stand in no namespace."""

from aks_flow.cli.declare import tasks_of

login_task = tasks_of("aks_flow.cli.login")
doctor_task = tasks_of("aks_flow.rehearsal.tasks.doctor")
environments_task = tasks_of("aks_flow.cli.environments")
rehearse_task = tasks_of("aks_flow.rehearsal.tasks.rehearse", development=True)
drill_task = tasks_of("aks_flow.rehearsal.tasks.drill", development=True)
bench_task = tasks_of("aks_flow.rehearsal.tasks.bench", development=True)
adopt_task = tasks_of("aks_flow.cli.adopt")
lint_task = tasks_of("aks_flow.cli.lint", development=True)
test_task = tasks_of("aks_flow.cli.test", development=True)


@login_task(
    help={
        "only": "registry or cluster; default: both",
        "env": "an environment with a target of its own; default: `target` of invoke.yaml",
    }
)
def login(c, only="", env=None):
    """Log in to the target's registry and cluster: a job by its secrets or its OIDC token."""


@login_task
def logout(c):
    """Remove the run's own logins to registry, cluster and Azure."""


@doctor_task(help={"verify": "compare the programs from wheels with what their projects published"})
def doctor(c, verify=False):
    """Check the chosen target and the project, and show what is missing and how to get it."""


@environments_task(
    help={"html": "a file that gets the same as a page; default: none"},
    example="--html=environments.html",
)
def environments(c, html="", json=False):
    """Show every environment: what should run, what runs, what waits, and how the last deliveries went."""


@adopt_task(
    positional=["path"],
    iterable=["image", "secret"],
    help={
        "path": "the repository's top; default: this folder",
        "name": "what the project is called; default: as the folder",
        "manifests": "the folder of the Kubernetes manifests; default: the one that is found",
        "app": "the Deployment or StatefulSet that answers; default: the one that is found",
        "version-path": "where it tells its version as JSON; default: it tells none",
        "image": "NAME=FOLDER of its Dockerfile; again for each image",
        "environments": "NAME[=NAMESPACE],…; default: those that there are, or dev,staging,production",
        "secret": "NAME=generated, existing or vault; again for each Secret",
        "lint": "the command that checks the project's code; default: by its files",
        "test": "the command that runs the project's tests; default: by its files",
        "change": "FILE:LINE, with {} for the text that a rehearsal changes; default: none",
        "package": "which aks-flow it gets: a wheel, git+https://…, aks-flow==…; default: this one",
        "upgrade": "bring ./inv, aks-flow.txt and the workflows to this version",
        "yes": "ask nothing",
    },
)
def adopt(
    c,
    path=".",
    name="",
    manifests="",
    app="",
    version_path="",
    image=None,
    environments="",
    secret=None,
    lint="",
    test="",
    change="",
    package="",
    upgrade=False,
    yes=False,
    json=False,
):
    """Make a repository a project of aks-flow: write what it lacks, change nothing that it has."""


@rehearse_task(
    help={
        "gitflow": "a feature's way to production, with the workflow files",
        "pr": "with --gitflow: by pull requests; main and develop take no pushes",
        "azure": "with Azure: azure.up, both paths, azure.down, by the real az",
        "context": "a context of your kubeconfig, with the target `cluster`; default: the stand-ins",
        "show": "show it on a page of this machine, and keep a report",
    }
)
def rehearse(c, gitflow=False, pr=False, azure=False, context="", show=False, json=False):
    """Rehearse on this machine: start the stand-ins, deliver, change the app, deliver again under load."""


@drill_task(
    positional=["name"],
    help={
        "name": "a fault; default: all of them",
        "list": "show the faults and make none",
        "show": "show it on a page of this machine, and keep a report",
    },
    example="crash-loop",
)
def drill(c, name="", list=False, show=False, json=False):
    """Make each fault of a delivery on the rehearsal, and check what the delivery says."""


@bench_task
def bench(c, json=False):
    """Measure the README's figures, and show medians."""


@test_task(
    help={
        "only": "a suite of `test` in invoke.yaml; default: all",
        "args": "more words for its commands; default: none",
    },
    example="--only=unit",
)
def test(c, only="", args=""):
    """Run the project's own tests, as invoke.yaml names them."""


@lint_task
def lint(c):
    """Run the project's own checks of its code, as invoke.yaml names them."""
