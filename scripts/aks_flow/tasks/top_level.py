"""The tasks that stand in no namespace."""

from aks_flow.cli.declare import tasks_of

machine = tasks_of("aks_flow.rehearsal.tasks.doctor")
rehearsing = tasks_of("aks_flow.rehearsal.tasks.rehearse", development=True)
drilling = tasks_of("aks_flow.rehearsal.tasks.drill", development=True)
measuring = tasks_of("aks_flow.rehearsal.tasks.bench", development=True)
style = tasks_of("aks_flow.cli.lint", development=True)
testing = tasks_of("aks_flow.cli.test", development=True)


@machine(help={"verify": "compare the programs from wheels with what their projects published"})
def doctor(c, verify=False):
    """Check the chosen target, and show what is missing and how to get it."""


@rehearsing(
    help={
        "gitflow": "a feature's way to production, with the workflow files",
        "azure": "with Azure: azure.up, both paths, azure.down, by the real az",
    }
)
def rehearse(c, gitflow=False, azure=False, json=False):
    """Rehearse on this machine: start the stand-ins, deliver, change the app, deliver again under load."""


@drilling(positional=["name"], help={"name": "a fault; default: all of them"})
def drill(c, name="", json=False):
    """Make each fault of a delivery on the rehearsal, and check what the delivery says."""


@measuring(help={"runs": "how many times each figure is measured"})
def bench(c, json=False, runs=5):
    """Measure the README's figures, and show medians."""


@testing(
    help={"only": "a suite of `test` in invoke.yaml; default: all", "args": "more words for its commands"}
)
def test(c, only="", args=""):
    """Run the project's own tests, as invoke.yaml names them."""


@style
def lint(c):
    """Run the project's own checks of its code, as invoke.yaml names them."""
