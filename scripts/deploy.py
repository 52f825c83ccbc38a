"""The push path: a version and its manifests -> the cluster, and the proof that it serves.

`plan` only reads. `deploy` lets the server validate everything before the first change, applies, waits
for the rollout and asks the app itself which version answers.
"""

import json
import secrets
from dataclasses import dataclass
from functools import partial

from scripts import build, render, wait
from scripts.command import Secret
from scripts.config import Config
from scripts.errors import AksFlowError
from scripts.image import ImageRef
from scripts.registry import Registry
from scripts.runner import CommandFailed, Runner
from scripts.source import Source
from scripts.steps import Steps
from scripts.tools import kubectl
from scripts.tools.kubectl import Kubectl

PASSWORD = ("redis-auth", "password")  # the Secret and its key; never in git
SERVED_WITHIN = 15  # seconds from the end of the rollout to the app's own word


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


@dataclass(frozen=True)
class Delivery:
    """The hands of a delivery: where commands run, which registry and cluster they reach, who watches."""

    run: Runner
    registry: Registry
    config: Config
    steps: Steps

    def cluster(self, environment: str) -> Kubectl:
        target = self.config.destination
        return Kubectl(target.kubeconfig, target.context, self.config.environment(environment).namespace)


def push(delivery: Delivery, source: Source, environment: str) -> Outcome:
    """The whole push path: build, publish, plan, deploy."""
    delivery.config.environment(environment)
    with delivery.steps("image") as step:
        copies = build.mirror(delivery.run, delivery.registry, delivery.config)
        built = build.ensure(delivery.run, delivery.registry, delivery.config, source)
        step.note = f"{built.image.tag}, {'built and published' if built.new else 'already in the registry'}"
    with delivery.steps("plan") as step:
        plan = make_plan(delivery, source, environment, built.image, copies)
        step.note = _summary(plan)
    return deploy(delivery, plan, built.new)


def read_plan(delivery: Delivery, source: Source, environment: str) -> Plan:
    """What `push` would do, from the registry and the cluster as they are; nothing is built."""
    image = build.planned(delivery.run, delivery.registry, delivery.config, source)
    return make_plan(delivery, source, environment, image, build.copies(delivery.registry, delivery.config))


def make_plan(
    delivery: Delivery, source: Source, environment: str, image: ImageRef, copies: dict[str, ImageRef]
) -> Plan:
    """Render the environment with ``image`` and third-party ``copies``; compare it with the cluster."""
    cluster = delivery.cluster(environment)
    images = {**copies, delivery.config.app.name: image}
    manifest = render.render(delivery.run, source, delivery.config.app.manifests, environment, images)
    namespace, secret = f"namespace/{cluster.namespace}", f"secret/{PASSWORD[0]}"
    present = delivery.run.run(cluster.existing(namespace, secret)).text.split()
    new_namespace = namespace not in present
    diff = manifest if new_namespace else delivery.run.run(cluster.diff(manifest)).text
    return Plan(environment, cluster.namespace, image, manifest, diff, new_namespace, secret not in present)


def deploy(delivery: Delivery, plan: Plan, built: bool = False) -> Outcome:
    """Carry out a plan; the server refuses all of it or none."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    if not plan.empty:
        with delivery.steps("validate"):
            _validate(run, cluster, plan)
        with delivery.steps("apply"):
            if plan.new_secret:
                run.run(cluster.create(_password(plan.namespace)))
            run.run(cluster.apply(plan.manifest))
    with delivery.steps("rollout") as step:
        step.note = ", ".join(render.workloads(plan.manifest))
        for workload in render.workloads(plan.manifest):
            run.run(cluster.rollout_status(workload, delivery.config.deadline))
    with delivery.steps("served") as step:
        served = _served(run, cluster, delivery.config.app.name, plan.image)
        step.note = f"{served['version']} from {served['pod']}"
    url = _url(run, cluster, delivery.config.app.name)
    return Outcome(plan.environment, plan.image, built, not plan.empty, served, url)


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
        raise Refused(error, plan) from error


class Refused(AksFlowError):
    """The server refused a manifest; nothing was changed."""

    def __init__(self, error: CommandFailed, plan: Plan):
        said = error.result.error_text.strip()
        super().__init__(
            f"the cluster refuses the manifests of {plan.environment}, and nothing was changed:\n{said}\n",
            next_step="Correct the manifest; `./inv push.plan` asks the server again.",
        )


def _password(namespace: str) -> Secret:
    name, key = PASSWORD
    return kubectl.opaque_secret(namespace, name, {key: Secret(secrets.token_urlsafe(24))})


def _served(run: Runner, cluster: Kubectl, service: str, image: ImageRef) -> dict:
    """The app's own word on what answers, once it is ``image``."""
    ask = partial(_version, run, cluster, service)
    what = f"{service} answering with {image.tag} ({image.digest[:19]}) in {cluster.namespace}"
    step = f"Look at `kubectl --namespace {cluster.namespace} describe pods` and at the Service's endpoints."
    return wait.until(lambda: _if_image(ask(), image), what, SERVED_WITHIN, next_step=step)


def _version(run: Runner, cluster: Kubectl, service: str) -> dict:
    answer = run.run(cluster.service_get(service, "http", "/version"))
    try:
        return json.loads(answer.stdout) if answer.code == 0 else {}
    except ValueError:
        return {}


def _if_image(served: dict, image: ImageRef) -> dict:
    """``served`` if it is ``image``: by version, and by digest where the app tells its own."""
    told = ImageRef.parse(served["image"]).digest if served.get("image") else ""
    return served if served.get("version") == image.tag and told in ("", image.digest) else {}


def _url(run: Runner, cluster: Kubectl, service: str) -> str:
    return kubectl.service_url(json.loads(run.run(cluster.get("service", service)).stdout))


def _summary(plan: Plan) -> str:
    if plan.empty:
        return "nothing to do"
    if plan.new_namespace:
        return f"a first delivery: {len(render.objects(plan.manifest))} objects"
    changed = (line for line in plan.diff.splitlines() if line.startswith(("+", "-")))
    return f"{sum(1 for line in changed if not line.startswith(('+++', '---')))} changed lines"
