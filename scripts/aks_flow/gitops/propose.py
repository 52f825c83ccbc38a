"""A promotion as a branch and a pull request, for a branch that takes no direct pushes."""

from dataclasses import replace

from aks_flow.core.command import Command
from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.branch import commit
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.write import Write
from aks_flow.gitops.outcome import Outcome
from aks_flow.gitops.promote import Promotion
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.gh import pull_requests
from aks_flow.tools.gh.pull_requests import Requests


def propose(context: DeliveryContext, promotion: Promotion) -> str:
    """The pull request's address, "" without a change. Repeated, it finds what it made before."""
    wanted = promotion.wanted
    if isinstance(wanted, Outcome):
        return ""
    base = promotion.branch
    head = replace(base, name=f"promote/{promotion.target}-{promotion.image.tag}")
    _push(base, head, promotion, wanted)
    requests = Requests(base.repo, "" if base.remote == "origin" else base.remote)
    found = pull_requests.parse_open(_said(context, requests.open(head.name, base.name)))
    if found:
        return found
    create = requests.create(head.name, base.name, promotion.subject, _body(promotion))
    return pull_requests.parse_created(_said(context, create))


def _push(base: Branch, head: Branch, promotion: Promotion, wanted: Write) -> None:
    """The proposal's branch: one commit on the tip; one from before must propose the same."""
    if head.remote_commit():
        proposed = head.tip().entries.get(promotion.target)
        if proposed is None or proposed.hash != wanted.tree:
            step = "Close its pull request and delete the branch, then promote again."
            raise AksFlowError("the branch proposes something else", where=head.name, next_step=step)
        return
    by = commit.author(base)
    mine = commit.on_top(base, promotion.tip, promotion.target, wanted.tree, wanted.message, by)
    refused = head.push(mine)
    if refused:
        raise refused


def _body(promotion: Promotion) -> str:
    commits = promotion.shown().commits
    listed = "\n".join(f"- {line}" for line in commits) or "- (not known)"
    return f"{promotion.subject}: `{promotion.image}`\n\nSource commits that come with it:\n\n{listed}\n"


def _said(context: DeliveryContext, command: Command) -> str:
    answer = context.run.run(command)
    if answer.code:
        step = "Log in with `gh auth login` (a workflow sets GH_TOKEN), then run the same command again."
        raise AksFlowError(f"gh refused: {answer.error_text.strip()}", where=str(command), next_step=step)
    return answer.text
