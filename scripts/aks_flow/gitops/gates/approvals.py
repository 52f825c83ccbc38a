"""People who agree that a version goes to an environment, each in a commit of the branch.

Such a commit changes no file.
"""

import os
from collections.abc import Iterator, Sequence

from aks_flow.core import actor
from aks_flow.core.errors import AksFlowError
from aks_flow.core.moment import rfc3339
from aks_flow.gitops.branch.branch import Branch, Tip, open_branch
from aks_flow.gitops.branch.message import message
from aks_flow.gitops.branch.write import BranchWriter, FolderChange
from aks_flow.gitops.gates.candidate import Candidate
from aks_flow.gitops.outcome import UNCHANGED, WriteOutcome
from aks_flow.image.bring import published
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import past_commits
from aks_flow.tools.git.past_commits import PastCommit


def missing(context: DeliveryContext, candidate: Candidate, asked: int) -> Iterator[str]:
    if asked:
        branch = open_branch(context.run, context.config, history=True)
        yield from lacking(_of(branch, branch.tip(), candidate), candidate, asked)


def lacking(given: Sequence[PastCommit], candidate: Candidate, asked: int) -> Iterator[str]:
    """What is missing of the people. given: the approvals of this version."""
    people = {approval.approved_by: approval for approval in given}
    if len(people) < asked:
        who = ", ".join(f"{name} since {rfc3339(approval.when)}" for name, approval in people.items())
        by = f" (by {who})" if who else ""
        version, environment = candidate.version, candidate.environment
        step = f"`./inv gitops.approve {environment} {version} --reason …` gives one"
        yield f"it has {len(people)} of {asked} approvals{by}: {step}"


def approve(
    context: DeliveryContext, environment: str, version: str, reason: str, dry: bool = False
) -> WriteOutcome:
    """Write down that whoever runs this agrees, and why. A second time changes nothing.

    AksFlowError if the environment asks nobody, if no reason is given, or if there is no such version.
    """
    _check(context.config.environment(environment).gates.approvals, environment, reason)
    candidate = Candidate(environment, published(context.home, version), "")
    branch = open_branch(context.run, context.config, history=True)
    by = actor.name(os.environ)
    if by in {approval.approved_by for approval in _of(branch, branch.tip(), candidate)}:
        note = f"{by} has approved {version}"
        return WriteOutcome(environment, UNCHANGED, candidate.image, note=note)
    writer, outcome = BranchWriter(branch, environment), None
    while outcome is None:
        state = writer.fetch()
        outcome = writer.write(_change(candidate, state.tree, by, reason), dry)
    return outcome


def _check(asked: int, environment: str, reason: str) -> None:
    if not asked:
        step = f"`gates.approvals` of {environment} in invoke.yaml says how many."
        raise AksFlowError(f"{environment} asks for no approval", next_step=step)
    if not reason.strip():
        raise AksFlowError("an approval needs a reason", next_step="Say in --reason what speaks for it.")


def _change(candidate: Candidate, tree: str, by: str, reason: str) -> FolderChange:
    environment, version = candidate.environment, candidate.version
    subject = f"Approve {version} for {environment}"
    text = message(subject, environment, candidate.image, Approved_By=by, Reason=reason)
    return FolderChange(tree, candidate.image, text, f"{version} is approved by {by} ({reason})")


def _of(branch: Branch, tip: Tip, candidate: Candidate) -> list[PastCommit]:
    """The approvals of the candidate: of this version and of these digests, for its environment."""
    answer = branch.run.run(past_commits.history(branch.repo, tip.commit))
    about = (candidate.environment, candidate.version, candidate.digests)
    return [
        past
        for past in past_commits.parse_history(answer.text)
        if past.approved_by and (past.environment, past.version, past.digests) == about
    ]
