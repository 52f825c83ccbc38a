"""GitHub's checks of the source commit: those of workflows, and statuses that others have set."""

from collections.abc import Iterator, Sequence

from aks_flow.core.command import Command
from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.gates.candidate import Candidate
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.gh import commit_checks
from aks_flow.tools.gh.commit_checks import PASSED, CommitCheck


def missing(context: DeliveryContext, candidate: Candidate, names: Sequence[str]) -> Iterator[str]:
    """AksFlowError with gh's words if GitHub does not say."""
    if not names:
        return
    statuses = commit_checks.statuses(context.config.root, candidate.commit)
    set_by_others = commit_checks.parse_statuses(_answer(context, statuses))
    for name in names:
        runs = commit_checks.runs(context.config.root, candidate.commit, name)
        known = [*commit_checks.parse_runs(_answer(context, runs)), *set_by_others]
        yield from lacking(name, candidate, [check for check in known if check.name == name])


def lacking(name: str, candidate: Candidate, known: Sequence[CommitCheck]) -> Iterator[str]:
    """The check has passed if all that bear its name have, and there is one. known: those of this name."""
    where = f"the check {name} of commit {candidate.commit[:12]}"
    if not known:
        yield f"{where} has not begun"
    for check in known:
        if check.state not in PASSED:
            yield f"{where} is {check.state.replace('_', ' ')} since {check.since}"


def _answer(context: DeliveryContext, asked: Command) -> str:
    answer = context.run.run(asked)
    if answer.code:
        step = "Log in with `gh auth login`; a job needs GH_TOKEN, `checks: read` and `statuses: read`."
        raise AksFlowError(f"gh refused: {answer.error_text.strip()}", where=str(asked), next_step=step)
    return answer.text
