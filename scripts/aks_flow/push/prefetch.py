"""The cluster's answers and a first rendering for a plan, got while the artifacts are named and built."""

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from aks_flow.core.config import Config
from aks_flow.core.image_ref import ImageRef, by_name, with_others
from aks_flow.gitflow.source import Source
from aks_flow.gitflow.supersede import Delivered
from aks_flow.image import names
from aks_flow.manifests.placeholders import (
    PLACEHOLDER,
    PlaceholderText,
    fill_in,
    prerender,
)
from aks_flow.manifests.render_request import RenderRequest
from aks_flow.push import newer_version, read_only
from aks_flow.push.artifacts import Artifacts
from aks_flow.push.lock import lease
from aks_flow.push.read_only import Withheld
from aks_flow.push.request import PushRequest
from aks_flow.push.strategy import twins
from aks_flow.rollout import namespace_secrets
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get


@dataclass(frozen=True)
class Present:
    """What an environment has that is in no manifest.

    namespace: whether it is there. secrets: the keys of each Secret. busy, lock, ending: as of `PlanBasis`.
    withheld: what may not be read. A namespace that is being deleted counts as empty.
    """

    namespace: bool
    secrets: Mapping[str, frozenset[str]]
    busy: bool
    lock: str
    ending: bool = False
    withheld: Withheld = Withheld()


class Prefetch:
    """The cluster's answers, and a rendering with placeholders for the version and the digests.

    If the cluster changes before the lock is taken, a plan made of them is no longer current.
    """

    def __init__(self, pool: Executor, context: DeliveryContext, request: PushRequest):
        self._pool, self._context, self._request = pool, context, request
        self.present = pool.submit(look, context, request.environment)
        self.history = pool.submit(read_only.history, context, request.environment)
        self._rendering: Future[PlaceholderText | None] | None = None

    def render(self, source: Source) -> None:
        """Begin to render what is checked out, before its version and digests are known."""
        asked = rendering(self._context, self._request, _with_placeholders(self._context.config, source))
        self._rendering = self._pool.submit(prerender, self._context.run, *asked)

    def rendered(self, images: Mapping[str, ImageRef]) -> str:
        """The manifests with these images; "" if they must be rendered again."""
        rendered = self._rendering.result() if self._rendering else None
        return fill_in(rendered, images) if rendered else ""


def _with_placeholders(config: Config, source: Source) -> Artifacts:
    images = {name: names.repository(config, name).with_tag(PLACEHOLDER) for name in config.app.built_images}
    copies = {name: names.copy_of(config, image.source) for name, image in config.images.items()}
    return Artifacts(source, with_others(images.pop(config.app.own_image), images), copies)


def look(context: DeliveryContext, environment: str) -> Present:
    """What the environment has of namespace, Secrets, lock and twins, by one command."""
    cluster, app = context.cluster(environment), context.config.app.name
    namespace, lock = f"namespace/{cluster.namespace}", f"lease/{lease.NAME}"
    secrets = namespace_secrets.refs(context.config)
    beside = [f"deployment/{twins.name(app, track)}" for track in (twins.CANARY, twins.BASELINE, twins.GREEN)]
    text, withheld = read_only.ask(
        context, get.existing_in_detail(cluster, namespace, lock, *secrets, *beside)
    )
    present = get.parse_existing(text)
    if namespace in present and present[namespace].is_ending:
        return Present(namespace=False, secrets={}, busy=False, lock="", ending=True, withheld=withheld)
    held = lock in present and bool(present[lock].holder)
    return Present(
        namespace in present,
        namespace_secrets.keys_of(present),
        busy=held or any(name in present for name in beside),
        lock=present[lock].version if lock in present else "",
        withheld=withheld,
    )


def rendering(
    context: DeliveryContext, request: PushRequest, artifacts: Artifacts
) -> tuple[RenderRequest, dict[str, str]]:
    """What is to be rendered, and the marks to put on it."""
    images = {**artifacts.copies, **by_name(artifacts.image, context.config.app.own_image)}
    source = artifacts.source
    asked = RenderRequest(source.repo, source.tree, context.config, request.environment, images)
    return asked, marks_of_new(request, artifacts)


def marks_of_new(request: PushRequest, artifacts: Artifacts) -> dict[str, str]:
    """What the app's Deployment will say of itself; an image chosen by its version may be of any commit."""
    commit = "" if request.by_name else artifacts.source.commit
    return newer_version.marks(Delivered(commit, artifacts.image.tag))
