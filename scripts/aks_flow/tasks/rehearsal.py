"""The stand-ins on this machine, and the GitHub among them."""

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.rehearsal.tasks.standins", development=True)
github = tasks_of("aks_flow.rehearsal.tasks.github", development=True)


@task
def up(c):
    """Start the stand-ins: engine, registry, cluster, GitHub, Argo CD."""


@task
def down(c):
    """Remove the stand-ins with their containers, networks and state."""


@task
def status(c, json=False):
    """Show the stand-ins, where they answer and where their logs are."""


@task(help={"name": "as rehearsal.status shows it", "lines": "how many of the last lines"})
def logs(c, name="cluster", lines=50):
    """Show the end of a stand-in's log."""


@github
def runs(c, json=False):
    """Show the runs of workflows that pushes to the rehearsal's GitHub have started."""


@github(help={"number": "as rehearsal.runs shows it"})
def run(c, number, json=False):
    """Show one run: its jobs and steps, its summary, what failed, what was not rehearsed."""


@github(
    iterable=["input"],
    help={
        "workflow": "a file of .github/workflows",
        "branch": "whose file runs",
        "input": "NAME=VALUE, more than once",
    },
    example="deliver.yml --input environment=staging",
)
def dispatch(c, workflow, input, branch="main"):
    """Start a workflow by hand on the rehearsal's GitHub."""


@github(
    help={"name": "for example DELIVERY", "value": "default: the variable is removed"},
    example="DELIVERY --value=pull",
)
def variable(c, name, value=""):
    """Set a repository variable of the rehearsal's GitHub, and show all of them."""


@github(help={"branch": "a pushed branch", "into": "the branch that it goes into"})
def pull_request(c, branch, into="develop"):
    """Open a pull request on the rehearsal's GitHub: its workflows run on a preview of the merge."""
