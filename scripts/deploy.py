"""The push path: a version and its manifests -> the cluster, and the proof that it serves.

`plan` only reads. `deploy` lets the server validate everything before the first change, applies, waits
for the rollout and asks the app itself which version answers.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from scripts import build, password, render, served
from scripts.delivery import Delivery
from scripts.errors import AksFlowError
from scripts.image import ImageRef
from scripts.runner import CommandFailed, Runner
from scripts.source import Source
from scripts.tools.kubectl import Kubectl


@dataclass(frozen=True)
class Plan:
    """What a delivery would do.

    image: what the front end will run. manifest: the rendered text. diff: the server's, "" for none.
    new_namespace, new_secret: whether these must be made first.
    """

    environment: str
    namespace: str
    image: ImageRef
    manifest: str
    diff: str
    new_namespace: bool
    new_secret: bool

    @property
    def empty(self) -> bool:
        return not (self.diff or self.new_namespace or self.new_secret)


@dataclass(frozen=True)
class Outcome:
    """What a delivery did. ``served`` is the app's /version; ``url`` is "" without a way in from outside."""

    environment: str
    image: ImageRef
    built: bool
    changed: bool
    served: dict
    url: str


def push(delivery: Delivery, source: Source, environment: str) -> Outcome:
    """The whole push path: build, publish, plan, deploy."""
    delivery.config.environment(environment)
    copies = build.mirror(delivery)
    built = build.ensure(delivery, source)
    with delivery.steps("plan") as step:
        plan = make_plan(delivery, source, environment, built.image, copies)
        step.note = _summary(plan)
    return deploy(delivery, plan, built.new)


def read_plan(delivery: Delivery, source: Source, environment: str) -> Plan:
    """What `push` would do, from the registry and the cluster as they are; nothing is built."""
    image = build.planned(delivery, source)
    return make_plan(delivery, source, environment, image, build.copies(delivery.registry, delivery.config))


def make_plan(
    delivery: Delivery, source: Source, environment: str, image: ImageRef, copies: dict[str, ImageRef]
) -> Plan:
    """Render the environment with ``image`` and third-party ``copies``; compare it with the cluster."""
    cluster = delivery.cluster(environment)
    images = {**copies, delivery.config.app.name: image}
    namespace, secret = f"namespace/{cluster.namespace}", f"secret/{password.SECRET}"
    with ThreadPoolExecutor() as pool:  # kustomize needs no cluster: ask it meanwhile
        asked = pool.submit(delivery.run.run, cluster.existing(namespace, secret))
        manifest = render.render(delivery.run, source, delivery.config.app, environment, images)
        present = asked.result().text.split()
    _check_namespace(manifest, cluster.namespace, environment)
    new_namespace = namespace not in present
    diff = manifest if new_namespace else _diff(delivery.run, cluster, manifest, environment)
    return Plan(environment, cluster.namespace, image, manifest, diff, new_namespace, secret not in present)


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


def deploy(delivery: Delivery, plan: Plan, built: bool = False) -> Outcome:
    """Carry out a plan; the server refuses all of it or none."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    if not plan.empty:
        with delivery.steps("validate"):
            _validate(run, cluster, plan)
        with delivery.steps("apply"):
            if plan.new_secret:
                password.create(run, cluster)
            run.run(cluster.apply(plan.manifest))
    told, url = _prove(delivery, plan)
    return Outcome(plan.environment, plan.image, built, not plan.empty, told, url)


def _prove(delivery: Delivery, plan: Plan) -> tuple[dict, str]:
    """The app's word and its URL, once it has rolled out; if nothing changed, all are asked at once."""
    run, cluster, app = delivery.run, delivery.cluster(plan.environment), delivery.config.app.name
    workloads = render.workloads(plan.manifest)
    with ThreadPoolExecutor() as pool:

        def ask() -> tuple[Future, Future]:
            return (
                pool.submit(served.served, run, cluster, app, plan.image),
                pool.submit(served.url, run, cluster, app),
            )

        asked = ask() if plan.empty else None
        with delivery.steps("rollout") as step:
            step.note = ", ".join(workloads)
            if workloads:
                run.run(cluster.rollout_status(workloads, delivery.config.deadline))
        with delivery.steps("served") as step:
            told, url = (future.result() for future in asked or ask())
            step.note = f"{told['version']} from {told.get('pod', 'a pod')}"
    return told, url


def _validate(run: Runner, cluster: Kubectl, plan: Plan) -> None:
    """The server's dry run of everything. A new namespace must exist for it, and goes again on a refusal."""
    if plan.new_namespace:
        run.run(cluster.validate(render.namespace_only(plan.manifest)))
        run.run(cluster.apply(render.namespace_only(plan.manifest)))
    try:
        run.run(cluster.validate(plan.manifest))
    except CommandFailed as error:
        if plan.new_namespace:
            run.run(cluster.delete_namespace(plan.namespace))
        raise Refused(error, plan.environment) from error


class Refused(AksFlowError):
    """The server refused a manifest; nothing was changed."""

    def __init__(self, error: CommandFailed, environment: str):
        said = error.result.error_text.strip()
        super().__init__(
            f"the cluster refuses the manifests of {environment}, and nothing was changed:\n{said}\n",
            next_step="Correct the manifest; `./inv push.plan` asks the server again.",
        )


def _summary(plan: Plan) -> str:
    if plan.empty:
        return "nothing to do"
    if plan.new_namespace:
        return f"a first delivery: {len(render.objects(plan.manifest))} objects"
    changed = (line for line in plan.diff.splitlines() if line.startswith(("+", "-")))
    return f"{sum(1 for line in changed if not line.startswith(('+++', '---')))} changed lines"
