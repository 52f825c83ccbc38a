"""Build once: production runs the image that staging ran, and where it cannot, a sentence says why."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import merge_reuse
from aks_flow.gitflow.merge_reuse import Reuse
from aks_flow.gitflow.source import Source
from aks_flow.image import build, names
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class ReuseDecision:
    """Whether a release has its image already, and why.

    version: the release. key: the tree key of its build context. digest: the image's, "" if it must be built.
    """

    version: str
    key: str
    digest: str
    why: str

    def __str__(self) -> str:
        what = f"nothing to build, {self.digest[:19]}" if self.digest else "to be built"
        return f"{self.version}: {what}; {self.why}"


def decide(context: DeliveryContext, source: Source) -> ReuseDecision:
    """Whether the registry has the image of a release. Changes nothing; AksFlowError if it is no release."""
    if source.version.prerelease:
        step = "Check out the tag of a release."
        raise AksFlowError(f"{source.version} is no release", where=str(source.repo), next_step=step)
    key, built = names.tree_key(context.run, context.config, source), build.find(context, source)
    merge = merge_reuse.of_merge(context.run, source.repo, context.config.app.context, source.commit)
    digest = built.image.digest if built else ""
    return ReuseDecision(str(source.version), key, digest, _reason(key, bool(digest), merge))


def _reason(key: str, held: bool, merge: Reuse | None) -> str:
    if merge and merge.same == held:
        return merge.why
    if held:
        return f"the registry holds {key}"
    reason = "the candidate was never published" if merge else "the release is no merge of a candidate"
    return f"{reason}, and the registry does not hold {key}"
