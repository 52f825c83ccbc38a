"""Build once: production runs the image that staging ran, and where it cannot, a sentence says why."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import merge_reuse
from aks_flow.gitflow.merge_reuse import Reuse
from aks_flow.gitflow.source import Source
from aks_flow.image import build
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class Decision:
    """version: the release. key: its build context's. digest: its image's, "" if that is to be built."""

    version: str
    key: str
    digest: str
    why: str

    def __str__(self) -> str:
        what = f"nothing to build, {self.digest[:19]}" if self.digest else "to be built"
        return f"{self.version}: {what}; {self.why}"


def decide(context: DeliveryContext, source: Source) -> Decision:
    """For a source that is a release. Changes nothing; AksFlowError if the source is no release."""
    if source.version.prerelease:
        step = "Check out the tag of a release."
        raise AksFlowError(f"{source.version} is no release", where=str(source.repo), next_step=step)
    key, found = build.key(context.run, context.config, source), build.find(context, source)
    merge = merge_reuse.of_merge(context.run, source.repo, context.config.app.context, source.commit)
    digest = found.image.digest if found else ""
    return Decision(str(source.version), key, digest, _why(key, bool(digest), merge))


def _why(key: str, held: bool, merge: Reuse | None) -> str:
    if merge and merge.same == held:
        return merge.why
    if held:
        return f"the registry holds {key}"
    reason = "the candidate was never published" if merge else "the release is no merge of a candidate"
    return f"{reason}, and the registry does not hold {key}"
