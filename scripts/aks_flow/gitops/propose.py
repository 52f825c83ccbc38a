"""A promotion as a branch and a pull request, for a GitOps branch that takes no direct pushes."""

from dataclasses import replace

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.by_request.hosted import opened, requests_of, waiting
from aks_flow.gitops import promote
from aks_flow.gitops.branch import commit, history
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.write import FolderChange
from aks_flow.gitops.promote import Promotion
from aks_flow.target.delivery import DeliveryContext


def propose(context: DeliveryContext, promotion: Promotion) -> str:
    """The pull request's address, "" if nothing is to change. Repeated, it finds what it made before."""
    base, target, state = promotion.branch, promotion.target, promotion.state
    newer = history.newer(base, promotion.tip, target, state, promotion.delivered)
    change = promote.change(promotion, state, newer)
    if change is None:
        return ""
    head = replace(base, name=f"promote/{promotion.target}-{promotion.image.tag}")
    _push(base, head, promotion, change)
    requests, between = requests_of(base.run, base.repo, base.remote), (head.name, base.name)
    address = waiting(context.run, requests, *between)
    return address or opened(context.run, requests, *between, promotion.subject, _body(promotion))


def _push(base: Branch, head: Branch, promotion: Promotion, change: FolderChange) -> None:
    """Make the proposal's branch, one commit on the tip. If it exists, it must propose the same change."""
    if _is_proposed(head, promotion, change):
        return
    by = commit.committer(base)
    proposal = commit.on_top(base, promotion.tip, promotion.target, change.tree, change.message, by)
    refusal = head.push(proposal)
    if refusal and not (refusal.retryable and _is_proposed(head, promotion, change)):
        raise refusal


def _is_proposed(head: Branch, promotion: Promotion, change: FolderChange) -> bool:
    """Whether the proposal's branch is there; AksFlowError if it proposes another change."""
    if not head.remote_commit():
        return False
    proposed = head.tip().entries.get(promotion.target)
    if proposed is None or proposed.hash != change.tree:
        step = "Close its pull request and delete the branch, then promote again."
        raise AksFlowError("the branch proposes something else", where=head.name, next_step=step)
    return True


def _body(promotion: Promotion) -> str:
    commits = promote.show(promotion).commits
    listed = "\n".join(f"- {line}" for line in commits) or "- (not known)"
    images = ", ".join(f"`{image}`" for image in promotion.image.members)
    return f"{promotion.subject}: {images}\n\nSource commits that come with it:\n\n{listed}\n"
