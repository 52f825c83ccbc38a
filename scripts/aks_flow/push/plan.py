"""What a delivery would do: everything is read, nothing is changed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from aks_flow.core.config import Check
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.gitflow.source import Source
from aks_flow.image import build, mirror
from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import Order, Wave, order, together
from aks_flow.push import newer_version
from aks_flow.push.lock import LEASE
from aks_flow.push.refused import Refused
from aks_flow.push.strategy import twins
from aks_flow.push.strategy.names import ROLLING
from aks_flow.rollout import redis_password
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl
from aks_flow.tools.kubectl import Kubectl


@dataclass(frozen=True)
class Wanted:
    """What is to run: the manifests as of ``source`` with the app's image and the copies of third-party ones.

    automatic: whatever runs stays if it is newer (`push.newer_version`). undo: go back if it turns out bad.
    strategy: one of `push.strategy.names`.
    """

    source: Source
    environment: str
    image: ImageRef
    copies: dict[str, ImageRef]
    automatic: bool = False
    undo: bool = True
    strategy: str = ROLLING

    @property
    def marks(self) -> dict[str, str]:
        """What the app's Deployment says of itself; an image that was chosen by hand may be of any commit."""
        return newer_version.marks(self.source.commit if self.automatic else "", self.image.tag)


@dataclass(frozen=True)
class Plan:
    """What a delivery would do.

    image: what the front end will run. manifest: the rendered text. diff: the server's, "" for none.
    new_namespace, new_secret: whether these must be made first. before: hooks that run before anything
    changes. left_out: hooks of phases that this path does not have. busy: whether somebody
    delivers now, or left a version beside the app's own.
    commit: of the manifests. checks: what the app must answer.
    """

    environment: str
    namespace: str
    image: ImageRef
    manifest: str
    diff: str
    new_namespace: bool
    new_secret: bool
    before: tuple[Wave, ...] = ()
    left_out: tuple[str, ...] = ()
    busy: bool = False
    commit: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.diff or self.new_namespace or self.new_secret)

    @property
    def hooks(self) -> list[str]:
        return [one.ref for wave in self.before for one in wave.documents]

    def __str__(self) -> str:
        if self.empty:
            return "nothing to do"
        first = f"; {', '.join(self.hooks)} before that" if self.hooks else ""
        return self._size() + first + (f"; left out: {', '.join(self.left_out)}" if self.left_out else "")

    def _size(self) -> str:
        if self.new_namespace:
            return f"a first delivery: {len(render.objects(self.manifest))} objects"
        changed = (line for line in self.diff.splitlines() if line.startswith(("+", "-")))
        return f"{sum(1 for line in changed if not line.startswith(('+++', '---')))} changed lines"


def read_plan(context: DeliveryContext, source: Source, environment: str) -> Plan:
    """What `push` would do, from the registry and the cluster as they are; nothing is built."""
    copies = mirror.copies(context.registry, context.config)
    wanted = Wanted(source, environment, build.planned(context, source), copies, automatic=True)
    return make_plan(context, wanted)


def make_plan(context: DeliveryContext, wanted: Wanted) -> Plan:
    """Render the environment as it is wanted; compare it with the cluster."""
    environment, cluster = wanted.environment, context.cluster(wanted.environment)
    first = namespace, secret, lease, *beside = _first(cluster, context.config.app.name)
    with ThreadPoolExecutor() as pool:  # kustomize needs no cluster: ask it meanwhile
        asked = pool.submit(context.run.run, cluster.existing_and_held(*first))
        ordered = _render(context, wanted)
        present = kubectl.parse_existing(asked.result().text)
    manifest = together(one for wave in ordered.waves for one in wave.documents)
    _check_namespace(manifest, cluster.namespace, environment)
    new_namespace = namespace not in present
    diff = manifest if new_namespace else _diff(context.run, cluster, manifest, environment)
    made = (new_namespace, secret not in present and not context.config.vault)
    left_out = tuple(one.ref for one in ordered.left_out)
    busy = bool(present.get(lease) or any(name in present for name in beside))
    return Plan(
        *(environment, cluster.namespace, wanted.image, manifest, diff, *made),
        *(ordered.before, left_out, busy, wanted.source.commit, context.config.smoke),
    )


def _first(cluster: Kubectl, app: str) -> list[str]:
    """What the manifests do not say: namespace, password, lock, and then what stands beside the app's own."""
    beside = [f"deployment/{twins.name(app, track)}" for track in (twins.CANARY, twins.GREEN)]
    return [f"namespace/{cluster.namespace}", f"secret/{redis_password.SECRET}", f"lease/{LEASE}", *beside]


def _render(context: DeliveryContext, wanted: Wanted) -> Order:
    app = context.config.app
    images = {**wanted.copies, app.name: wanted.image}
    text = render.render(
        *(context.run, wanted.source, app, wanted.environment, images, wanted.marks),
        context.config.components,
    )
    return order(render.documents(text))


def _check_namespace(manifest: str, namespace: str, environment: str) -> None:
    """The overlay and the configuration must mean the same place."""
    other = {item["metadata"].get("namespace", namespace) for item in render.objects(manifest)} - {namespace}
    if other:
        what = f"the overlay is for namespace {', '.join(sorted(other))}, and invoke.yaml says {namespace}"
        where = f"environments.{environment}.namespace"
        raise AksFlowError(what, where=where, next_step="Make the two agree.")


def _diff(run: Runner, cluster: Kubectl, manifest: str, environment: str) -> str:
    try:
        return run.run(cluster.diff(manifest)).text
    except CommandFailed as error:
        raise Refused(error, environment) from error
