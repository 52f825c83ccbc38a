"""A pull delivery: the newest version that an environment admits becomes its pin on the GitOps branch."""

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow.version import Version
from aks_flow.gitops import policy
from aks_flow.gitops.branch.branch import Branch, open_branch
from aks_flow.gitops.branch.write import BranchWriter
from aks_flow.gitops.folder.derive import derive_folder
from aks_flow.gitops.folder.prove import prove_folder
from aks_flow.gitops.folder.source_commit import source_commit_of
from aks_flow.gitops.outcome import HELD, SUPERSEDED, UNCHANGED, WriteOutcome
from aks_flow.image import names
from aks_flow.target.delivery import DeliveryContext


def deliver(context: DeliveryContext, environment: str, version: str = "", dry: bool = False) -> WriteOutcome:
    """Write a version to the environment's folder: the newest that it admits, or the one given.

    The outcome says what was written (with ``dry``: what would be), or why the folder stays as it is.
    AksFlowError if there is no such version, or if its manifests do not render; RemoteRefusal from git.
    """
    with context.steps("version") as step:
        image = find_version(context, environment, version)
        step.note = f"{image.tag} ({image.digest[:19]})"
    branch = open_branch(context.run, context.config)
    with context.steps("write") as step:
        outcome = _write(context, branch, environment, image, dry)
        step.note = outcome.status
    return outcome


def _write(
    context: DeliveryContext, branch: Branch, environment: str, image: ImageRef, dry: bool
) -> WriteOutcome:
    """From the branch's tip to a pushed commit; when the tip has moved meanwhile, again from the new tip."""
    writer, folder = BranchWriter(branch, environment), None
    while True:
        state = writer.fetch()
        if state.held:
            return WriteOutcome(environment, HELD, state.image, note=state.held)
        if state.is_newer_than(image):
            return WriteOutcome(environment, SUPERSEDED, state.image, note=state.image.tag)
        if folder is None:  # its content does not depend on the tip
            commit = source_commit_of(context, branch, image)
            folder = derive_folder(context, branch, environment, image, commit)
            prove_folder(branch, folder, state)
        if folder.tree == state.tree:
            return WriteOutcome(environment, UNCHANGED, image, note=f"it has {image.tag}")
        change = folder.change(f"Deliver {image.tag} to {environment}", f"{image.tag} delivered")
        outcome = writer.write(change, dry)
        if outcome:
            return outcome


def find_version(context: DeliveryContext, environment: str, version: str = "") -> ImageRef:
    """The version asked for, or the newest that the environment admits, with the registry's digest."""
    admits = context.config.environment(environment).admits
    if version and not policy.admits(admits, Version.parse(version)):
        step = f"`./inv gitops.promote FROM {environment}` takes a version there by hand."
        what = f"{environment} admits {policy.WORDS[admits]}, and {version} is none of them"
        raise AksFlowError(what, next_step=step)
    repository = names.app_repository(context.config)
    chosen = version or policy.newest(context.registry.tags(repository), admits)
    if not chosen:
        step = "Publish one with `./inv image.push`."
        what = f"the registry has no version that {environment} admits ({policy.WORDS[admits]})"
        raise AksFlowError(what, where=repository.name, next_step=step)
    return names.published(context.registry, context.config, str(chosen))
