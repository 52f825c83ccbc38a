"""The automatic write: the newest version that an environment admits becomes its pin on the branch."""

from functools import cache

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow.version import Version
from aks_flow.gitops import policy
from aks_flow.gitops.branch.branch import Branch, open_branch
from aks_flow.gitops.branch.message import message
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.branch.write import Derive, Write, land
from aks_flow.gitops.folder import derive, source_commit
from aks_flow.gitops.folder import prove as proof
from aks_flow.gitops.folder.derive import Draft, Folder
from aks_flow.gitops.outcome import HELD, SUPERSEDED, UNCHANGED, Outcome
from aks_flow.image import mirror, names
from aks_flow.target.delivery import DeliveryContext


def choose(context: DeliveryContext, environment: str, version: str = "") -> ImageRef:
    """The version asked for, or the newest that the environment admits, with the registry's digest."""
    admits = context.config.environment(environment).admits
    repository = names.app_repository(context.config)
    if version and not policy.admits(admits, Version.parse(version)):
        step = f"`./inv gitops.promote FROM {environment}` takes a version there by hand."
        what = f"{environment} admits {policy.WORDS[admits]}, and {version} is none of them"
        raise AksFlowError(what, next_step=step)
    wanted = version or policy.newest(context.registry.tags(repository), admits)
    if not wanted:
        step = "Publish one with `./inv image.push`."
        what = f"the registry has no version that {environment} admits ({policy.WORDS[admits]})"
        raise AksFlowError(what, where=repository.name, next_step=step)
    return names.published(context.registry, context.config, str(wanted))


def derivation(context: DeliveryContext, branch: Branch, environment: str, image: ImageRef) -> Derive:
    """What the branch is to become for ``environment``, given its state there."""

    @cache
    def wanted() -> Folder:
        return prepare(context, branch, environment, image, source_commit.commit_of(context, branch, image))

    prove = proof.prover(branch)

    def derive(state: State) -> Write | Outcome:
        kept = reason_to_keep(environment, state, image)
        if kept or wanted().tree == state.tree:
            return kept or Outcome(environment, UNCHANGED, image, note=f"it has {image.tag}")
        prove(wanted(), state)
        return replacement(wanted(), f"Deliver {image.tag} to {environment}", f"{image.tag} delivered")

    return derive


def prepare(
    context: DeliveryContext, branch: Branch, environment: str, image: ImageRef, commit: str
) -> Folder:
    """The environment's folder with ``image`` and the manifests of a source commit that is here."""
    copies = mirror.copies(context.registry, context.config)
    config = context.config
    draft = Draft(environment, config.app.manifests, commit, image, copies, config.components)
    return derive.derive(branch, draft)


def reason_to_keep(environment: str, state: State, image: ImageRef) -> Outcome | None:
    """Why an automatic write of ``image`` leaves the state alone, or None. A hold comes first."""
    if state.held:
        return Outcome(environment, HELD, state.image, note=state.held)
    if state.version and state.version > Version.parse(image.tag):
        return Outcome(environment, SUPERSEDED, state.image, note=str(state.version))
    return None


def replacement(wanted: Folder, subject: str, note: str, **trailers: str) -> Write:
    """A derived folder as a write, its message saying what it is derived from."""
    draft = wanted.draft
    text = message(subject, draft.environment, draft.image, Source_Commit=draft.commit, **trailers)
    return Write(wanted.tree, draft.image, text, note)


def deliver(context: DeliveryContext, environment: str, version: str = "", dry: bool = False) -> Outcome:
    """The newest admitted version, or the one given, on the branch; or the reason why it stays as it is."""
    with context.steps("version") as step:
        image = choose(context, environment, version)
        step.note = f"{image.tag} ({image.digest[:19]})"
    branch = open_branch(context.run, context.config)
    with context.steps("write") as step:
        outcome = land(branch, environment, derivation(context, branch, environment, image), dry)
        step.note = outcome.status
    return outcome
