"""What a delivery is made of: a commit's manifests, the app's image and the third-party ones."""

from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.core.config.gates import Gates
from aks_flow.core.config.sections import Environment
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import policy
from aks_flow.gitflow.source import Source
from aks_flow.gitflow.supersede import Delivered
from aks_flow.gitflow.version import Version
from aks_flow.image import build
from aks_flow.image.bring import bring, copies, mirrored, named, published
from aks_flow.image.read_source import read_source
from aks_flow.push.request import PushRequest
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class Artifacts:
    """source: the commit whose manifests are applied. image: the app's, with its others if it has several.
    copies: those of third-party images in the target's registry, by name. new: whether an image of the app's
    was, or must be, built for this.
    """

    source: Source
    image: ImageRef
    copies: dict[str, ImageRef]
    new: bool = False

    @property
    def delivered(self) -> Delivered:
        """What a delivery of them leaves behind for the next one to compare with."""
        return Delivered(self.source.commit, self.image.tag)


def build_artifacts(
    context: DeliveryContext, request: PushRequest, begun: Callable[[Source], None] = lambda source: None
) -> Artifacts:
    """Build and publish what the registry does not have yet; of a version that was told, nothing.

    begun: as of `source.read`.
    AksFlowError if the work tree has changes that are not allowed, if the environment does not admit the
    version, or if the registry does not have it as it was told.
    """
    checked_out = _source(context, request, begun)
    if request.version:
        return _published(context, request, checked_out)
    third_party = mirrored(context)
    built = build.ensure(context.home, checked_out)
    image = bring(context.home, context, built.images)
    return Artifacts(checked_out, image, third_party, built.any_new)


def read_artifacts(
    context: DeliveryContext, request: PushRequest, begun: Callable[[Source], None] = lambda source: None
) -> Artifacts:
    """What `build_artifacts` would give; nothing is built: a new image has no digest."""
    checked_out = _source(context, request, begun)
    if request.version:
        return _published(context, request, checked_out)
    image = named(context, build.planned(context.home, checked_out))
    return Artifacts(checked_out, image, copies(context), not image.is_published)


def _published(context: DeliveryContext, request: PushRequest, checked_out: Source) -> Artifacts:
    """A version that a registry holds, with the manifests that are checked out.

    Nothing is written, unless the environment's registry is another one and lacks it.
    """
    image = published(context, request.version, request.digest)
    return Artifacts(checked_out, image, copies(context))


def _source(context: DeliveryContext, request: PushRequest, begun: Callable[[Source], None]) -> Source:
    """What is checked out, with the version that was told or its own; AksFlowError if it is not admitted."""
    told = Version.parse(request.version) if request.version else None
    checked_out = read_source(context, request.dirty, told, begun)
    environment = context.config.environment(request.environment)
    policy.check(environment.admits, checked_out.version, request.environment)
    _refuse_gates(environment, request.environment)
    return checked_out


def _refuse_gates(environment: Environment, name: str) -> None:
    """AksFlowError if there are any: they ask the branch, which a push does not read."""
    if environment.gates != Gates():
        step = f"Deliver it with `./inv gitops.promote FROM {name}`, or take `gates` out of invoke.yaml."
        raise AksFlowError(f"{name} has gates, and only the pull path asks them", next_step=step)
