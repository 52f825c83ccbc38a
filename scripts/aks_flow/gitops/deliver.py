"""A pull delivery: a published version becomes an environment's pin on the GitOps branch."""

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import policy, work_tree
from aks_flow.gitflow.supersede import Delivered
from aks_flow.gitflow.version import Version
from aks_flow.gitops.branch.branch import Branch, open_branch
from aks_flow.gitops.branch.write import BranchWriter
from aks_flow.gitops.folder.derive import derive_folder
from aks_flow.gitops.folder.prove import prove_folder
from aks_flow.gitops.folder.source_commit import source_commit_of
from aks_flow.gitops.gates.candidate import Candidate
from aks_flow.gitops.gates.gates import Gatekeeper
from aks_flow.gitops.outcome import HELD, SUPERSEDED, UNCHANGED, WriteOutcome
from aks_flow.image import digests, names
from aks_flow.image.bring import published
from aks_flow.target.delivery import DeliveryContext


def deliver(
    context: DeliveryContext, environment: str, version: str = "", digest: str = "", dry: bool = False
) -> WriteOutcome:
    """Write a version to the environment's folder: the one given, or the newest that it admits.

    digest: what the version is in the registry, as of `digests.read`, and then of the commit that is checked
    out; "" to take what is there. The outcome says what was written (with ``dry``: what would be), or why the
    folder stays as it is.
    AksFlowError if there is no such version, if its manifests do not render, or if a gate of the environment
    is closed; RemoteRefusal from git.
    """
    digests.check(version, digest)
    with context.steps("version") as step:
        image = find_version(context, environment, version, digest)
        step.note = f"{image.tag} ({image.digest[:19]})"
    branch = open_branch(context.run, context.config, history=True)
    with context.steps("write") as step:
        outcome = _write(context, branch, environment, image, bool(digest), dry)
        step.note = outcome.status
    return outcome


def _write(
    context: DeliveryContext, branch: Branch, environment: str, image: ImageRef, checked_out: bool, dry: bool
) -> WriteOutcome:
    """From the branch's tip to a pushed commit; when the tip has moved meanwhile, again from the new tip.

    checked_out: whether the image is known to be of the commit that is checked out.
    """
    writer, commit, folder = BranchWriter(branch, environment), "", None
    while True:
        state = writer.fetch()
        if state.held:
            return WriteOutcome(environment, HELD, state.image, note=state.held)
        commit = commit or _source_commit(context, branch, image, checked_out)
        if newer := writer.newer(Delivered(commit, image.tag)):
            return WriteOutcome(environment, SUPERSEDED, state.image, note=newer)
        if folder is None:  # its content does not depend on the tip
            folder = derive_folder(context, branch, environment, image, commit)
            prove_folder(branch, folder, state)
            gatekeeper = Gatekeeper(context, Candidate(environment, image, commit))
        if folder.tree == state.tree:
            return WriteOutcome(environment, UNCHANGED, image, note=f"it has {image.tag}")
        gatekeeper.let_in()
        change = folder.change(f"Deliver {image.tag} to {environment}", f"{image.tag} delivered")
        outcome = writer.write(change, dry)
        if outcome:
            return outcome


def find_version(context: DeliveryContext, environment: str, version: str, digest: str) -> ImageRef:
    """The version asked for, or the newest published one that the environment admits, with its digest."""
    admits = context.config.environment(environment).admits
    if version:
        _check(Version.parse(version), environment, admits)
        return published(context, version, digest)
    home = context.home
    repository = names.app_repository(home.config)
    newest = policy.newest(home.registry.tags(repository), admits)
    if not newest:
        step = "Publish one with `./inv image.push`."
        what = f"the registry has no version that {environment} admits ({policy.WORDS[admits]})"
        raise AksFlowError(what, where=repository.name, next_step=step)
    return published(context, str(newest))


def _check(version: Version, environment: str, admits: str) -> None:
    if version.dirty:
        what = f"{version} is of a work tree with changes, and its manifests are in no commit"
        raise AksFlowError(what, next_step="Commit them, then publish with `./inv image.push`.")
    by_hand = f"`./inv gitops.promote FROM {environment}` takes a version there by hand."
    policy.check(admits, version, environment, by_hand)


def _source_commit(context: DeliveryContext, branch: Branch, image: ImageRef, checked_out: bool) -> str:
    if checked_out:
        return work_tree.read(context.run, branch.repo).commit
    return source_commit_of(context, branch, image)
