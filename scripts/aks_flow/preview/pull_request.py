"""The pull request whose preview it is: as GitHub has it, and whether it may get one."""

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.by_request.hosted import answered, requests_of
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.gh import pull_requests
from aks_flow.tools.gh.pull_requests import PullRequest
from aks_flow.tools.git import ancestors


def read(context: DeliveryContext, number: int) -> PullRequest:
    """AksFlowError if GitHub does not show it."""
    requests = requests_of(context.run, context.config.root)
    return pull_requests.parse(answered(context.run, requests.show(number)))


def check(context: DeliveryContext, request: PullRequest) -> None:
    """AksFlowError for one of a fork, for a closed one, and if its last commit is not checked out.

    What a fork proposes is anybody's: it is never run beside what is ours, and never with our Secrets.
    """
    number = request.number
    if request.fork:
        what = f"pull request {number} comes from a fork, and forks get no preview"
        step = "Read it, push it to a branch of this repository, and open a pull request of that."
        raise AksFlowError(what, where=request.address, next_step=step)
    if not request.open:
        what = f"pull request {number} is closed, and closed ones get no preview"
        step = f"Remove what is there with `./inv preview.down {number}`."
        raise AksFlowError(what, where=request.address, next_step=step)
    _check_checkout(context, request)


def _check_checkout(context: DeliveryContext, request: PullRequest) -> None:
    """A checkout of the merge that GitHub makes of it has its last commit as a parent."""
    here, *parents = context.run.run(ancestors.parents(context.config.root, "HEAD")).text.split()
    if request.tip in (here, *parents):
        return
    what = f"{here[:12]} is checked out, not {request.tip[:12]}, the last commit of {request.head}"
    step = f"Check out {request.head} as it is on GitHub; a newer push has a run of its own."
    raise AksFlowError(what, where=request.address, next_step=step)
