"""Build once: production runs the images that staging ran, and where it cannot, a sentence says why."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import merge_reuse
from aks_flow.gitflow.merge_reuse import Reuse
from aks_flow.gitflow.names import read_names
from aks_flow.gitflow.source import Source
from aks_flow.image import build, keys
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class ReuseDecision:
    """Whether a release has an image already, and why.

    version: the release. key: the tag that stands for what goes into it. digest: the image's, "" if it must
    be built. name: the image's, "" where the app has one only.
    """

    version: str
    key: str
    digest: str
    why: str
    name: str

    def __str__(self) -> str:
        what = f"nothing to build, {self.digest[:19]}" if self.digest else "to be built"
        release = f"{self.version} of {self.name}" if self.name else self.version
        return f"{release}: {what}; {self.why}"


def decide_all(context: DeliveryContext, source: Source) -> list[ReuseDecision]:
    """A decision for each of the app's images, as of `decide`."""
    return [decide(context, source, name) for name in context.config.app.built_images]


def decide(context: DeliveryContext, source: Source, name: str) -> ReuseDecision:
    """Whether the registry has an image of a release. Changes nothing.

    AksFlowError if the source is no release.
    """
    if source.version.prerelease:
        step = "Check out the tag of a release."
        raise AksFlowError(f"{source.version} is no release", where=str(source.repo), next_step=step)
    images = context.config.app.built_images
    key = keys.tree_key(context, source, name)
    built = build.find(context, source, name)
    gitflow_names = read_names(context.run, source.repo, context.config.branches)
    merge = merge_reuse.of_merge(context.run, source.repo, gitflow_names, images[name].folder, source.commit)
    digest = built.image.digest if built else ""
    shown = name if len(images) > 1 else ""
    return ReuseDecision(str(source.version), key, digest, _reason(key, bool(digest), merge), shown)


def _reason(key: str, held: bool, merge: Reuse | None) -> str:
    if merge and merge.same == held:
        return merge.why
    if held:
        return f"the registry holds {key}"
    unpublished = "the candidate was never published from these bases"
    reason = unpublished if merge else "the release is no merge of a candidate"
    return f"{reason}, and the registry does not hold {key}"
